-- SPDX-License-Identifier: Apache-2.0
-- Copyright the regstatic authors
--
-- regstatic: this script, which registry.conf calls, handles /v2, /clients, /catalogue and /. The file is the same for every site, in either layout;
-- the site is two folders above it.

local r, c = lighty.r, lighty.c
local site = debug.getinfo(1, "S").source:match("^[@=]?(.*)/servers/lighttpd/[^/]*$")
local path = r.req_attr["uri.path"]
local method = r.req_attr["request.method"]

local types = {
    ["oci-manifest"] = "application/vnd.oci.image.manifest.v1+json",
    ["oci-index"] = "application/vnd.oci.image.index.v1+json",
    ["docker-manifest"] = "application/vnd.docker.distribution.manifest.v2+json",
    ["docker-list"] = "application/vnd.docker.distribution.manifest.list.v2+json",
}

local function answer(status, type, body, digest)
    r.resp_header["Docker-Distribution-Api-Version"] = "registry/2.0"
    r.resp_header["Cache-Control"] = "no-cache"
    r.resp_header["Content-Type"] = type
    if digest then
        r.resp_header["Docker-Content-Digest"] = digest
    end
    r.resp_body.set(body)
    return status
end

local function fail(status, code, message)
    return answer(status, "application/json",
        '{"errors":[{"code":"' .. code .. '","message":"' .. message .. '"}]}')
end

local function no_manifest()
    return fail(404, "MANIFEST_UNKNOWN", "this registry has no such manifest")
end

local function no_name()
    return fail(404, "NAME_UNKNOWN", "this registry has no such repository")
end

local function is_file(name)
    local st = c.stat(name)
    return st and st.is_file
end

-- A file that can't be read counts as missing. Opening a pipe would stop the whole server, so only a regular file is
-- opened. The results of stat may be seconds old; a tag may move meanwhile, but it stays a regular file.
local function read(name, most)
    local file = is_file(name) and io.open(name, "rb")
    if not file then
        return nil
    end
    local bytes = file:read(most or "a")
    file:close()
    return bytes
end

local function inode(name)
    local st = c.stat(name)
    return st and st.st_ino
end

-- Whether no symbolic link is on the path from the site to the file, because a link may lead out of the site. Before
-- lighttpd 1.4.72, a script can't read links. The parent of a linked folder is another folder than the one with the link; its
-- entry is compared, too, because the roots of all file systems can have the same number. A linked file doesn't open, because
-- of server.follow-symlink in registry.conf.
local function is_ours(name)
    local folder = site
    for part in name:sub(#site + 2):gmatch("([^/]+)/") do
        local inside = folder .. "/" .. part
        if inode(inside .. "/..") ~= inode(folder) or inode(inside .. "/../" .. part) ~= inode(inside) then
            return false
        end
        folder = inside
    end
    local st = c.stat(name)
    if not st or not st.is_file then
        return false
    end
    local size = st.st_size
    r.resp_body.set({ { filename = name } })
    local opened = r.resp_body.bytes_in == size
    r.resp_body.set("")
    return opened
end

local function read_ours(name)
    return is_ours(name) and read(name)
end

-- Content with a digest as its name never changes, but a tag may move.
local function forever(digest)
    r.resp_header["Docker-Content-Digest"] = digest
    r.resp_header["ETag"] = '"' .. digest .. '"'
    r.resp_header["Cache-Control"] = "public, max-age=31536000, immutable"
end

-- The extension of a manifest's file is its kind, and the type follows from the kind.
local function type_of(hex)
    for kind, type in pairs(types) do
        local name = site .. "/manifests/sha256/" .. hex .. "." .. kind
        if is_file(name) then
            return type, name
        end
    end
end

-- Several ranges, which lighttpd would join if they are close to each other, and drop if they are many; podman fails then.
-- For anything else, the result is nil, and lighttpd answers.
local function asked_ranges(size, etag)
    local unit, set = (r.req_header["Range"] or ""):match("^(%a+)=(.*,.*)$")
    local condition = r.req_header["If-Range"]
    if not unit or unit:lower() ~= "bytes" or method ~= "GET" or condition and condition ~= etag then
        return nil
    end
    local ranges, count = {}, 0
    for one in (set .. ","):gmatch("([^,]*),") do
        local first, last = one:match("^[ \t]*(%d*)-(%d*)[ \t]*$")
        local valid = first and first .. last ~= "" and #first <= 18 and #last <= 18
        first, last = tonumber(first or ""), tonumber(last or "")
        count = count + 1
        -- podman asks for at most 1,024 ranges.
        if not valid or first and last and last < first or count > 1024 then
            r.req_header["Range"] = nil
            return nil
        end
        if not first then
            first, last = math.max(0, size - last), nil
        end
        if first < size then
            ranges[#ranges + 1] = { first, math.min(last or size - 1, size - 1) }
        end
    end
    return ranges
end

local function answer_ranges(name, size, ranges)
    r.resp_header["Accept-Ranges"] = "bytes"
    if #ranges == 0 then
        r.resp_header["Content-Range"] = "bytes */" .. size
        return fail(416, "SIZE_INVALID", "no such range")
    end
    local type, range, parts = "application/octet-stream", nil, {}
    local boundary = c.md("sha256", name .. c.rand() .. c.rand())
    for _, bounds in ipairs(ranges) do
        range = "bytes " .. bounds[1] .. "-" .. bounds[2] .. "/" .. size
        parts[#parts + 1] = "\r\n--" .. boundary .. "\r\nContent-Type: " .. type .. "\r\nContent-Range: " .. range .. "\r\n\r\n"
        parts[#parts + 1] = { filename = name, offset = bounds[1], length = bounds[2] - bounds[1] + 1 }
    end
    if #ranges == 1 then
        r.resp_header["Content-Range"] = range
        return answer(206, type, { parts[2] })
    end
    parts[#parts + 1] = "\r\n--" .. boundary .. "--\r\n"
    return answer(206, "multipart/byteranges; boundary=" .. boundary, parts)
end

-- The path after /v2/ is NAME/AREA/REF. A name's parts begin with a letter or a digit, so a path can't contain hidden files
-- or "..".
local function split(area, ref)
    local name, last = path:match("^/v2/(.+)/" .. area .. "/(" .. ref .. ")$")
    if not name then
        return nil
    end
    for part in (name .. "/"):gmatch("([^/]*)/") do
        if not part:match("^[a-z0-9][a-z0-9._-]*$") then
            return nil
        end
    end
    return site .. "/v2/" .. name, last
end

-- In the plain layout, a repository serves only the manifests and blobs for which it has links.
local function is_plain(repository)
    local st = c.stat(repository .. "/blobs")
    return st and st.is_dir
end

local function belongs(repository, area, digest)
    if is_plain(repository) then
        return is_file(repository .. "/" .. area .. "/" .. digest)
    end
    return is_file(repository .. "/tags/list")
end

-- The value of a parameter in the query; an empty text if the query lacks the parameter.
local function asked(name)
    local value = ("&" .. (r.req_attr["uri.query"] or "")):match("&" .. name .. "=([^&]*)") or ""
    return (value:gsub("+", " "):gsub("%%(%x%x)", function(hex)
        return string.char(tonumber(hex, 16))
    end))
end

-- A page of a list: at most ?n= items after ?last=. The items are in order, because a build sorts them.
local function page(bytes)
    local count, last = asked("n"), asked("last")
    local head, items, tail = bytes:match("^(.*:%[)(.*)(%]}.*)$")
    count = #count <= 18 and count:match("^%d+$") and tonumber(count)
    if not items or not count and last == "" then
        return bytes
    end
    local chosen, more = {}, false
    for item in items:gmatch('"([^"]*)"') do
        if item > last then
            more = count and #chosen == count
            if more then
                break
            end
            chosen[#chosen + 1] = item
        end
    end
    if more and count > 0 then
        local following = path .. "?n=" .. count .. "&last=" .. chosen[count]:gsub("/", "%%2F")
        r.resp_header["Link"] = "<" .. following .. '>; rel="next"'
    end
    return head .. (#chosen > 0 and '"' .. table.concat(chosen, '","') .. '"' or "") .. tail
end

-- The client kit is served as text, whatever the files' names. Hidden files are not served.
if path:match("^/clients/") then
    local bytes = (method == "GET" or method == "HEAD") and not path:find("/.", 1, true)
        and read_ours(site .. path)
    if not bytes then
        return 404
    end
    r.resp_header["X-Content-Type-Options"] = "nosniff"
    return answer(200, "text/plain; charset=utf-8", bytes)
end

-- The pages for browsers. They contain untrusted text from images, so the policy forbids inline scripts.
local pages = { html = "text/html", css = "text/css", js = "text/javascript" }
local shown = (path == "/" or path == "/index.html") and "/index.html"
    or path:match("^/catalogue/") and not path:find("/.", 1, true) and path
if shown then
    local type = pages[shown:match("%.(%a+)$")]
    local bytes = (method == "GET" or method == "HEAD") and type and read_ours(site .. shown)
    if not bytes then
        return 404
    end
    r.resp_header["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; script-src 'self'; "
        .. "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    r.resp_header["Referrer-Policy"] = "no-referrer"
    r.resp_header["X-Content-Type-Options"] = "nosniff"
    return answer(200, type .. "; charset=utf-8", bytes)
end

if not path:match("^/v2/") and path ~= "/v2" then
    return 404
end

-- The registry is read-only.
if method ~= "GET" and method ~= "HEAD" then
    r.resp_header["Allow"] = "GET, HEAD"
    return fail(405, "UNSUPPORTED", "this registry is read-only")
end

if path == "/v2" or path == "/v2/" then
    return answer(200, "application/json", "{}")
end

local HEX = ("[0-9a-f]"):rep(64)

local repository, digest = split("manifests", "sha256:" .. HEX)
if repository then
    local type, name = type_of(digest:sub(8))
    local bytes = type and belongs(repository, "manifests", digest) and read_ours(name)
    if not bytes then
        return no_manifest()
    end
    answer(200, type, bytes)
    forever(digest)
    return 200
end

repository, digest = split("blobs", "sha256:" .. HEX)
if repository then
    local name = site .. "/blobs/sha256/" .. digest:sub(8)
    if not belongs(repository, "blobs", digest) or not is_ours(name) then
        return fail(404, "BLOB_UNKNOWN", "this registry has no such blob")
    end
    local size = c.stat(name).st_size
    local ranges = asked_ranges(size, '"' .. digest .. '"')
    local status = ranges and answer_ranges(name, size, ranges)
        or answer(200, "application/octet-stream", { { filename = name } })
    if status ~= 416 then
        forever(digest)
    end
    return status
end

local tag
repository, tag = split("manifests", "[A-Za-z0-9_][A-Za-z0-9._-]*")
if repository then
    -- Read the file only once, so that body, digest and kind match even if the tag moves. In the plain layout, it is a link,
    -- which may lead out of the site, but only bytes that the site has as a manifest are served.
    local bytes
    local most = 16777216
    if #tag > 128 then
        return no_manifest()
    elseif is_plain(repository) then
        bytes = read(repository .. "/manifests/" .. tag, most)
    else
        -- The copy's name begins with + if the tag has capitals, else with _, because file systems may ignore case.
        local stem = repository .. "/manifests/" .. (tag:match("%u") and "+" or "_") .. tag
        for kind in pairs(types) do
            bytes = bytes or read(stem .. "." .. kind, most)
        end
    end
    local hex = bytes and c.md("sha256", bytes):lower()
    local type, name
    if hex then
        type, name = type_of(hex)
    end
    if not type or not is_ours(name) then
        return no_manifest()
    end
    return answer(200, type, bytes, "sha256:" .. hex)
end

if path:match("^/v2/.+/manifests/[A-Za-z0-9_][A-Za-z0-9._:-]*$") then
    return no_manifest()
end

-- A digest without referrers gets an empty list, not an error.
repository, digest = split("referrers", "sha256:" .. HEX)
if repository then
    local stem = repository .. "/referrers/"
    return answer(200, types["oci-index"],
        read_ours(stem .. digest) or read_ours(stem .. digest:sub(8) .. ".oci-index")
        or '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}')
end

repository = split("tags", "list")
local list = repository and repository .. "/tags/list" or path == "/v2/_catalog" and site .. path
local bytes = list and read_ours(list)
if not bytes then
    return no_name()
end
return answer(200, "application/json", page(bytes))
