-- SPDX-License-Identifier: BSD-2-Clause
-- What a picture shows, and how sure the network is of it: luajit segment.lua MODEL PICTURE
local segent = require("segent")

local function main(model_path, picture)
    local context = segent.context()
    local model = context:load_model(model_path)
    local result = context:run(model, picture)
    local facts, sums = model:details(), result:summary()
    print(("%s, %d classes"):format(facts.architecture, facts.classes))
    print(("image entropy %.3f, mean %.6f"):format(sums.sum, sums.mean))
    for _, found in ipairs(result:statistics()) do
        print(("%s: %d pixels"):format(model:class_name(found.id), found.pixels))
    end
end

if #arg ~= 2 then
    io.stderr:write("MODEL PICTURE\n")
    os.exit(1)
end
local good, problem = pcall(main, arg[1], arg[2])
if not good then
    io.stderr:write(tostring(problem), "\n")
    os.exit(1)
end
