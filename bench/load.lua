-- One request shape for wrk, described by the environment; prints what was measured as one line of JSON.
-- METHOD, HEADERS ("name: value" lines), BODY_FILE. In the body %N% becomes a number never used before, and
-- with LINES_FILE %LINE% the next line of that file. FIRST is where numbers and lines start; LAST, if any, ends the
-- sending; wrk itself still waits for its duration to pass.
local headers, template, lines, at = {}, nil, nil, tonumber(os.getenv("FIRST") or "0")
local last = tonumber(os.getenv("LAST") or "")

function init()
    for name, value in (os.getenv("HEADERS") or ""):gmatch("([^:\n]+): ([^\n]*)") do headers[name] = value end
    local path = os.getenv("BODY_FILE")
    if path then template = io.open(path):read("*a") end
    path = os.getenv("LINES_FILE")
    if path then
        lines = {}
        for line in io.lines(path) do lines[#lines + 1] = line end
    end
    fixed = (not template or not template:find("%%[NL]")) and wrk.format(os.getenv("METHOD"), nil, headers, template)
end

function request()
    if fixed then return fixed end
    at = at + 1
    if last and at > last then wrk.thread:stop() end
    local body = template:gsub("%%N%%", at)
    if lines then body = body:gsub("%%LINE%%", lines[(at - 1) % #lines + 1]) end
    return wrk.format(os.getenv("METHOD"), nil, headers, body)
end

function done(summary, latency)
    local bad = summary.errors
    print(string.format('{"requests": %d, "seconds": %.4f, "p50_us": %d, "p99_us": %d, "errors": %d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        bad.status + bad.connect + bad.read + bad.write + bad.timeout))
end
