-- One request shape for wrk, described by the environment; prints what was measured as one line of JSON.
-- METHOD, HEADERS ("name: value" lines), URL_PATH, BODY_FILE. In path and body %N% becomes a number never used before,
-- and with LINES_FILE %LINE% the next line of that file. FIRST is where numbers and lines start; LAST, if any, ends the
-- sending; wrk itself still waits for its duration to pass.
local headers, path, template, lines, at = {}, os.getenv("URL_PATH"), "", nil, tonumber(os.getenv("FIRST") or "0")
local last = tonumber(os.getenv("LAST") or "")

function init()
    for name, value in (os.getenv("HEADERS") or ""):gmatch("([^:\n]+): ([^\n]*)") do headers[name] = value end
    local file = os.getenv("BODY_FILE")
    if file then template = io.open(file):read("*a") end
    file = os.getenv("LINES_FILE")
    if file then
        lines = {}
        for line in io.lines(file) do lines[#lines + 1] = line end
    end
    if not (path .. template):find("%%[NL]") then fixed = wrk.format(os.getenv("METHOD"), path, headers, template) end
end

function request()
    if fixed then return fixed end
    at = at + 1
    if last and at > last then wrk.thread:stop() end
    local line = lines and lines[(at - 1) % #lines + 1]
    local function filled(text)
        text = text:gsub("%%N%%", at)
        if line then text = text:gsub("%%LINE%%", line) end
        return text
    end
    return wrk.format(os.getenv("METHOD"), filled(path), headers, filled(template))
end

function done(summary, latency)
    local bad = summary.errors
    print(string.format('{"requests": %d, "seconds": %.4f, "p50_us": %d, "p99_us": %d, "errors": %d}',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        bad.status + bad.connect + bad.read + bad.write + bad.timeout))
end
