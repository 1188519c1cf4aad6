-- SPDX-License-Identifier: BSD-2-Clause
-- Copyright (c) 2026, the libsegent authors

--- libsegent for LuaJIT. The declarations are those of the installed <segent/api.h>, which LuaJIT's ffi reads as it is.
-- A failure of the library is a Lua error: a table with `status`, the C status, and `message`; tostring() gives the message.
-- Maps are tables of `data`, a pointer into the result's own memory, and sizes; as long as one is held, the result lives.
local ffi = require("ffi")
local segent = {}

-- ==== The header and the library ====

local function installed(variable)
    local pipe = io.popen("pkg-config --variable=" .. variable .. " segent 2>/dev/null")
    local found = pipe and pipe:read("*l")
    if pipe then pipe:close() end
    return found and found ~= "" and found or nil
end

local function declare()
    local path = os.getenv("SEGENT_HEADER") or (installed("includedir") or "/usr/include") .. "/segent/api.h"
    local file = assert(io.open(path))
    ffi.cdef(file:read("*a"))
    file:close()
end

local function load()
    local library = os.getenv("SEGENT_LIBRARY")
    local folder = not library and installed("libdir")
    return ffi.load(library or folder and folder .. "/libsegent.so" or "segent")
end

declare()
local C = load()

-- ==== Errors ====

local Error = {}
Error.__index = Error
Error.__tostring = function(self) return self.message end

-- Raises what a status stands for, unless that is success; `context` is nil where the function takes none.
local function check(status, context)
    if status == C.SEGENT_OK then return end
    error(setmetatable({status = status, message = ffi.string(C.segent_last_error(context))}, Error), 0)
end

-- Calls a function that takes the context first. A callback that raised an error ended the call, and its error goes on from here.
-- C code that was entered from compiled Lua may not call back into Lua, so this function is left to the interpreter.
local function call(context, name, ...)
    local status = C["segent_" .. name](context.pointer, ...)
    local raised = context.raised
    if raised then
        context.raised = nil
        error(raised.value, 0)
    end
    check(status, context.pointer)
end
jit.off(call)

-- A callback whose errors do not pass through C code: it returns `stop` then, and `call` raises the error.
local function guarded(context, callback, stop)
    return function(...)
        local good, value = pcall(callback, ...)
        if good then return value end
        context.raised = context.raised or {value = value}
        return stop
    end
end

-- ==== Helpers ====

local function with_defaults(struct, settings)
    local made = ffi.new(struct)
    made.struct_size = ffi.sizeof(made)
    for name, value in pairs(settings or {}) do made[name] = value end
    return made
end

local function enum(prefix, name)
    return C["SEGENT_" .. prefix .. "_" .. name:upper()]
end

-- A copy of the caller's options, with values instead of the names of the enums in `prefixes`: {unit = "UNIT"}.
local function copied(options, prefixes)
    local made = {}
    for name, value in pairs(options or {}) do
        made[name] = prefixes[name] and enum(prefixes[name], value) or value
    end
    return made
end

-- The object that a function makes, which is destroyed with the last reference to it.
local function make(context, class, name, ...)
    local out = ffi.new("segent_" .. class.kind .. " *[1]")
    local arguments, count = {...}, select("#", ...)
    arguments[count + 1] = out
    local good, problem = pcall(call, context, name, unpack(arguments, 1, count + 1))
    local made = out[0] ~= nil and setmetatable({pointer = ffi.gc(out[0], C["segent_" .. class.kind .. "_destroy"])}, class)
    if not good then error(problem, 0) end
    return made
end

local function destroy(self)
    if self.pointer then
        C["segent_" .. getmetatable(self).kind .. "_destroy"](ffi.gc(self.pointer, nil))
        self.pointer = nil
    end
end

local function class(kind)
    local made = {kind = kind, close = destroy}
    made.__index = made
    return made
end

-- A view of a table with `data` and sizes. An array of LuaJIT's must be large enough; how much a pointer leads to nobody knows.
local function view(struct, table, names, size)
    local made, elements = ffi.new(struct), 1
    made.data = ffi.cast("void *", table.data)
    for _, name in ipairs(names) do
        made[name] = assert(table[name], name)
        elements = elements * table[name]
    end
    assert(tostring(ffi.typeof(table.data)):find("[*]") or ffi.sizeof(table.data) >= elements * size, "the array is too small")
    return made
end

local function tensor(table) return view("segent_tensor_view", table, {"channels", "height", "width"}, 4) end
local function map(table) return view("segent_map_view", table, {"height", "width"}, 4) end

local function labels_view(table)
    local made = view("segent_label_view", table, {"height", "width"}, table.type == C.SEGENT_LABEL_U16 and 2 or 1)
    made.type = table.type or C.SEGENT_LABEL_U8
    return made
end

-- ==== Results ====

local Result = class("result")

function Result:size()
    return C.segent_result_height(self.pointer), C.segent_result_width(self.pointer)
end

--- Class ids, H x W; `type` says whether a byte or two each.
function Result:labels()
    local height, width = self:size()
    local kind = C.segent_result_label_type(self.pointer)
    local element = kind == C.SEGENT_LABEL_U8 and "const uint8_t *" or "const uint16_t *"
    return {data = ffi.cast(element, C.segent_result_labels(self.pointer)), height = height, width = width, type = kind, owner = self.pointer}
end

--- Normalised entropy, H x W: 0 (certain) to 1.
function Result:entropy()
    local height, width = self:size()
    return {data = C.segent_result_entropy(self.pointer), height = height, width = width, owner = self.pointer}
end

--- The network's own logits, C x h x w.
function Result:logits()
    local sizes = ffi.new("int32_t[2]")
    local data = C.segent_result_lowres_logits(self.pointer, sizes, sizes + 1)
    return {data = data, channels = C.segent_result_classes(self.pointer), height = sizes[0], width = sizes[1], owner = self.pointer}
end

--- Sums over the entropy map: `sum`, `mean`, `minimum`, `maximum`, `sum_nats`, `pixels`, `undecided`, `undecided_below`.
function Result:summary()
    local summary = with_defaults("segent_entropy_summary")
    check(C.segent_result_summary(self.pointer, summary))
    return summary
end

--- For each class that is present: `id`, `pixels`, `entropy_mean`.
function Result:statistics()
    local count = ffi.new("int64_t[1]")
    local all, found = C.segent_result_statistics(self.pointer, count), {}
    for id = 0, tonumber(count[0]) - 1 do
        if all[id].pixels > 0 then
            found[#found + 1] = {id = id, pixels = tonumber(all[id].pixels), entropy_mean = all[id].entropy_mean}
        end
    end
    return found
end

-- ==== Models, pictures and flags ====

local Model, Image, Cancel = class("model"), class("image"), class("cancel")

--- The facts of a model, as in C: `architecture` and the other strings are Lua's.
function Model:details()
    local facts, found = with_defaults("segent_model_details"), {}
    check(C.segent_model_info(self.pointer, facts))
    for _, name in ipairs {"architecture", "backbone", "head", "description", "prefix", "settings_file"} do
        found[name] = ffi.string(facts[name])
    end
    for _, name in ipairs {"classes", "output_stride", "size", "temperature", "parameters", "parameters_in_file"} do
        found[name] = tonumber(facts[name])
    end
    return found
end

--- Colours of the classes, 3 bytes each, where the file or the caller says them, else nil: {data = ..., count = ...}.
function Model:palette()
    local count = ffi.new("int64_t[1]")
    local data = C.segent_model_palette(self.pointer, count)
    return data ~= nil and {data = data, count = tonumber(count[0]), owner = self.pointer} or nil
end

--- The name of a class, or nil.
function Model:class_name(id)
    local name = C.segent_model_class_name(self.pointer, id)
    return name ~= nil and ffi.string(name) or nil
end

function Image:size() return C.segent_image_height(self.pointer), C.segent_image_width(self.pointer) end

--- Ends the calls that were given the flag, from a progress function for instance.
function Cancel:set() C.segent_cancel_set(self.pointer) end

--- Lets calls with the flag begin again.
function Cancel:reset() C.segent_cancel_reset(self.pointer) end

-- ==== Contexts ====

local Context = class("context")

--- A context. Options: `threads`, `cpu`, `memory_limit`, and `log`, a function(level, message).
function segent.context(options)
    local settings, context, log = copied(options, {}), {}, nil
    if settings.log then
        local write = settings.log
        log = ffi.cast("segent_log_fn", guarded(context, function(_, level, message)
            write(ffi.string(C.segent_log_level_name(level)), ffi.string(message))
        end))
        settings.log = log
    end
    local out = ffi.new("segent_context *[1]")
    local status = C.segent_context_create(with_defaults("segent_options", settings), out)
    if status ~= C.SEGENT_OK and log then log:free() end
    check(status)
    context.destroy = function(pointer)
        C.segent_context_destroy(pointer)
        if log then log:free() end
    end
    context.pointer = ffi.gc(out[0], context.destroy)
    return setmetatable(context, Context)
end

--- Ends the context's threads. Its models, pictures and results live on.
function Context:close()
    if self.pointer then
        self.destroy(ffi.gc(self.pointer, nil))
        self.pointer = nil
    end
end

-- The same options with the flag among them as C has it.
local function stoppable(options, enums)
    local settings = copied(options, enums or {})
    settings.cancel = settings.cancel and settings.cancel.pointer
    return settings
end

--- A network from a file of weights. Options are those of C; `cancel` is a flag of `context:cancel()`.
function Context:load_model(path, options)
    return make(self, Model, "model_load", path, with_defaults("segent_model_options", stoppable(options)))
end

--- A picture from a JPEG or PNG file. Options are those of C; `cancel` is a flag of `context:cancel()`.
function Context:load_image(path, options)
    return make(self, Image, "image_load", path, with_defaults("segent_image_options", stoppable(options)))
end

--- A picture from bytes: {data = ..., height = ..., width = ..., format = "RGB"}. The bytes are copied.
function Context:image(pixels)
    local format = pixels.format or "RGB"
    local samples = ({RGB = 3, BGR = 3, RGBA = 4, BGRA = 4, GREY = 1})[format:upper()]
    local made = view("segent_pixel_view", pixels, {"height", "width"}, assert(samples, format))
    made.format = enum("PIXEL", format)
    return make(self, Image, "image_from_pixels", made)
end

function Context:cancel() return make(self, Cancel, "cancel_create") end

--- Runs a picture, or the file of one, through a model. Options: `size`, `temperature`, `workspace_limit`, `output_size` ("network",
-- "original"), `engine` ("fast", "exact", "small"), `cancel`, and `progress`, a function(done) that ends the run by returning true.
function Context:run(model, picture, options)
    local settings, progress = stoppable(options, {output_size = "OUTPUT", engine = "ENGINE"}), nil
    if type(picture) == "string" then picture = self:load_image(picture, {cancel = options and options.cancel}) end
    if settings.progress then
        local tell = settings.progress
        progress = ffi.cast("segent_progress_fn", guarded(self, function(_, done) return tell(done) and 1 or 0 end, 1))
        settings.progress = progress
    end
    local good, result = pcall(make, self, Result, "run", model.pointer, picture.pointer, with_defaults("segent_run_options", settings))
    if progress then progress:free() end
    if not good then error(result, 0) end
    return result
end

-- ==== The caller's own buffers ====

--- Softmax of {data, channels, height, width}, into new memory.
function Context:softmax(logits)
    local made = {channels = logits.channels, height = logits.height, width = logits.width}
    made.data = ffi.new("float[?]", made.channels * made.height * made.width)
    call(self, "softmax", tensor(logits), tensor(made))
    return made
end

--- Entropy of every pixel. Options: `unit` ("normalized", "nats", "bits"), `source` ("logits", "probabilities"), `temperature`, `strict`.
function Context:entropy(values, options)
    local settings = copied(options, {unit = "UNIT", source = "SOURCE"})
    local made = {data = ffi.new("float[?]", values.height * values.width), height = values.height, width = values.width}
    call(self, "entropy_map", tensor(values), with_defaults("segent_entropy_options", settings), map(made))
    return made
end

--- Class of the largest value of every pixel.
function Context:argmax(values)
    local wide = values.channels > 256
    local made = {height = values.height, width = values.width, type = wide and C.SEGENT_LABEL_U16 or C.SEGENT_LABEL_U8}
    made.data = ffi.new(wide and "uint16_t[?]" or "uint8_t[?]", made.height * made.width)
    call(self, "argmax", tensor(values), labels_view(made))
    return made
end

--- Class ids to colours, H x W x 3 bytes: those of a palette, {data = ..., count = ...}, or VOC's.
function Context:decode_palette(labels, palette)
    local made = {data = ffi.new("uint8_t[?]", labels.height * labels.width * 3), height = labels.height, width = labels.width}
    local colours, count = palette and palette.data, palette and palette.count or 0
    call(self, "palette_decode", labels_view(labels), colours, count, view("segent_pixel_view", made, {"height", "width"}, 3))
    return made
end

--- The version of the library that was loaded.
function segent.version() return ffi.string(C.segent_version()) end

segent.C = C -- the whole API, for what has no short way here
return segent
