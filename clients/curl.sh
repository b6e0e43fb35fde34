# What the curl examples share. SEED_URL sends every call to one plain address instead of the cloud's hosts.
set -eu
identity=${SEED_URL:-https://$ZSCALER_VANITY_DOMAIN.zslogin.net}
api=${SEED_URL:-https://api.zsapi.net}
legacy=${SEED_URL:-https://config.private.zscaler.com}
customer=${ZSCALER_CUSTOMER_ID:-$ZPA_CUSTOMER_ID}

# call STATUS CURL-ARGUMENTS...: leaves the answer in $body, stops unless it has that status.
call() {
    wanted=$1
    shift
    answer=$(curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' "$@") || {
        echo "FAILED curl $*"
        exit 1
    }
    status=${answer##*
}
    body=${answer%
*}
    if [ "$status" != "$wanted" ]; then
        echo "FAILED wanted $wanted, got $status: $body"
        exit 1
    fi
}

# holds STEP EXPRESSION: a Python expression over the answer, `it`, must be true.
holds() {
    if ! printf %s "$body" | python3 -c "import json,sys; it=json.load(sys.stdin); sys.exit(not ($2))"; then
        echo "FAILED $1: $body"
        exit 1
    fi
    echo "ok     $1"
}

# pick EXPRESSION: one value out of the answer.
pick() {
    printf %s "$body" | python3 -c "import json,sys; it=json.load(sys.stdin); print($1)"
}
