-- For wrk: sends that many requests at once, and the next ones when all are answered. wrk -s pipeline.lua URL -- DEPTH
function init(arguments)
    local requests = {}
    for i = 1, tonumber(arguments[1]) do requests[i] = wrk.format("GET") end
    batch = table.concat(requests)
end

function request() return batch end
