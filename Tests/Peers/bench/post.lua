-- For wrk: posts the file that is named behind `--`: JSON, or binary data behind so many bytes of JSON.
function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  wrk.method, wrk.body = "POST", file:read("a")
  if arguments[2] and arguments[2] ~= "" then
    wrk.headers["Content-Type"] = "application/octet-stream"
    wrk.headers["Inference-Header-Content-Length"] = arguments[2]
  else
    wrk.headers["Content-Type"] = "application/json"
  end
  -- As mds asks.
  wrk.headers["Accept-Encoding"] = "gzip"
  file:close()
end

local function refused(summary)
  return summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
end

function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"per_second":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d}\n', summary.requests,
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    refused(summary)))
end
