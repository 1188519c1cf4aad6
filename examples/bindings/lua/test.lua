-- SPDX-License-Identifier: BSD-2-Clause
-- Tests of the package: luajit test.lua MODEL PICTURE
local ffi = require("ffi")
local segent = require("segent")
local model_path, picture_path = arg[1], arg[2]
local C = segent.C
local tests, passed = {}, 0

local function close_to(found, expected, tolerance)
    if math.abs(found - expected) > (tolerance or 1e-6) then error(("%g, not %g"):format(found, expected), 2) end
end

-- The error that a function raises.
local function failure(...)
    local good, problem = pcall(...)
    if good then error("no failure", 2) end
    return problem
end

-- Two pixels of three classes: all alike, and one without doubt.
local function logits()
    return {data = ffi.new("float[6]", {0.5, 0, 0.5, 200, 0.5, 0}), channels = 3, height = 1, width = 2}
end

function tests.own_buffers()
    local context = segent.context {threads = 1}
    local probabilities = context:softmax(logits())
    close_to(probabilities.data[0], 1 / 3)
    close_to(probabilities.data[3], 1)
    for _, values in ipairs {{logits(), "logits"}, {probabilities, "probabilities"}} do
        local entropy = context:entropy(values[1], {source = values[2]})
        close_to(entropy.data[0], 1)
        close_to(entropy.data[1], 0)
    end
    close_to(context:entropy(logits(), {unit = "nats"}).data[0], math.log(3))
    local labels = context:argmax(logits())
    assert(labels.data[0] == 0 and labels.data[1] == 1)
    local colours = context:decode_palette(labels)
    assert(colours.data[0] == 0 and colours.data[3] == 128 and colours.data[4] == 0)
end

function tests.a_palette_of_the_models()
    local context = segent.context()
    local model = context:load_model(model_path, {examine_only = 1})
    assert(model:palette() == nil)
    local classes = model:details().classes
    local colours = ("#010203,"):rep(classes):sub(1, -2)
    local palette = context:load_model(model_path, {examine_only = 1, settings = "palette=" .. colours}):palette()
    collectgarbage()
    assert(palette.count == classes)
    assert(context:decode_palette(context:argmax(logits()), palette).data[4] == 2)
end

function tests.errors_have_a_status_and_a_sentence()
    local context = segent.context()
    local missing = failure(context.load_image, context, "/no/such/picture")
    assert(missing.status == C.SEGENT_ERROR_NOT_FOUND and tostring(missing):find("/no/such/picture", 1, true))
    local values = logits()
    values.data[2] = 0 / 0
    assert(failure(context.softmax, context, values).status == C.SEGENT_ERROR_NOT_FINITE)
    values.width = 3
    assert(failure(context.softmax, context, values):find("too small"))
    assert(failure(segent.context, {threads = -1}).status == C.SEGENT_ERROR_INVALID_ARGUMENT)
    context:close()
    context:close()
    assert(failure(context.load_image, context, picture_path).status == C.SEGENT_ERROR_INVALID_ARGUMENT)
end

function tests.a_map_keeps_its_result()
    local context = segent.context()
    local model = context:load_model(model_path)
    local result = context:run(model, picture_path)
    local summary, entropy, labels, own = result:summary(), result:entropy(), result:labels(), result:logits()
    assert(own.channels == model:details().classes and own.height > 0 and own.width > 0)
    assert(entropy.data == C.segent_result_entropy(result.pointer), "a copy")
    context:close()
    context, model, result, own = nil, nil, nil, nil
    collectgarbage()
    collectgarbage()
    local sum, pixels = 0, entropy.height * entropy.width
    for i = 0, pixels - 1 do sum = sum + entropy.data[i] end
    close_to(sum / summary.sum, 1)
    close_to(summary.mean, summary.sum / pixels)
    assert(labels.data[pixels - 1] < 256)
end

function tests.pixels_of_ones_own()
    local context = segent.context()
    local model = context:load_model(model_path)
    local image = context:load_image(picture_path)
    local height, width = image:size()
    local data = C.segent_image_pixels(image.pointer)
    local reversed = ffi.new("uint8_t[?]", height * width * 3)
    for i = 0, height * width * 3 - 1, 3 do
        reversed[i], reversed[i + 1], reversed[i + 2] = data[i + 2], data[i + 1], data[i]
    end
    local options = {size = 64, output_size = "original", engine = "exact"}
    local first = context:run(model, image, options)
    local second = context:run(model, context:image {data = reversed, height = height, width = width, format = "BGR"}, options)
    local found_height, found_width = first:size()
    assert(found_height == height and found_width == width)
    assert(first:summary().sum == second:summary().sum)
end

function tests.statistics_count_every_pixel()
    local context = segent.context()
    local result = context:run(context:load_model(model_path), picture_path)
    local pixels = 0
    for _, found in ipairs(result:statistics()) do pixels = pixels + found.pixels end
    assert(pixels == tonumber(result:summary().pixels))
    result:close()
    result:close()
end

function tests.a_progress_function_sees_ends_and_fails_a_run()
    local context = segent.context()
    local model, last = context:load_model(model_path), 0
    context:run(model, picture_path, {progress = function(done)
        assert(done >= last and done <= 1)
        last = done
    end})
    assert(last > 0)
    assert(failure(context.run, context, model, picture_path, {progress = function() return true end}).status == C.SEGENT_ERROR_CANCELLED)
    local thrown = {}
    assert(failure(context.run, context, model, picture_path, {progress = function() error(thrown) end}) == thrown)
    local flag = context:cancel()
    flag:set()
    assert(failure(context.run, context, model, picture_path, {cancel = flag}).status == C.SEGENT_ERROR_CANCELLED)
    context:run(model, picture_path)
end

function tests.a_flag_ends_the_reading_of_files()
    local context = segent.context()
    local flag = context:cancel()
    local options = {cancel = flag}
    flag:set()
    for _ = 1, 2 do
        assert(failure(context.load_model, context, model_path, options).status == C.SEGENT_ERROR_CANCELLED)
        assert(failure(context.load_image, context, picture_path, options).status == C.SEGENT_ERROR_CANCELLED)
    end
    assert(options.cancel == flag)
    flag:reset()
    local model = context:load_model(model_path, options)
    context:run(model, context:load_image(picture_path, options), options)
end

function tests.log_lines_arrive_and_failures_in_a_logger_come_out()
    local settings, lines = os.tmpname(), {}
    local file = assert(io.open(settings, "w"))
    file:write('{"std": [0.2, 0.2, 0.2]}')
    file:close()
    local options = {settings_file = settings, examine_only = 1}
    local context = segent.context {log = function(level, message) lines[#lines + 1] = level .. ": " .. message end}
    context:load_model(model_path, options)
    assert(table.concat(lines, "\n"):find("information: " .. settings, 1, true))
    local thrown = {}
    context = segent.context {log = function() error(thrown) end}
    assert(failure(context.load_model, context, model_path, options) == thrown)
    os.remove(settings)
    for _ = 1, 1000 do segent.context {log = function() end, threads = 1}:close() end -- callbacks are given back
end

local names = {}
for name in pairs(tests) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
    local good, problem = xpcall(tests[name], function(problem) return debug.traceback(tostring(problem)) end)
    print((good and "passed " or "FAILED ") .. name .. (good and "" or "\n" .. problem))
    if good then passed = passed + 1 end
end
print(("%d passed, %d failed"):format(passed, #names - passed))
os.exit(passed == #names and 0 or 1)
