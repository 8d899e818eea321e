// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

extension ServerFault {
    private static let type = "add_header Content-Type $regstatic_type;"
    private static let digest = "add_header Docker-Content-Digest $regstatic_digest;"
    private static let blob = "add_header Docker-Content-Digest $regstatic_ref;"
    private static let json = "default_type application/json;\n" + version + "    return 404 "
    private static let version =
        "    add_header Docker-Distribution-Api-Version registry/2.0 always;\n"
    private static let noReferrers = "try_files $uri @regstatic_no_referrers;"

    static let all = manifests + blobs + absence + writing

    private static let manifests = [
        ServerFault(
            "octet-stream",
            ["manifest-type": "fail"],
            (type, "add_header Content-Type application/octet-stream;")
        ),
        ServerFault("no type", ["manifest-type": "fail"], (type, "")),
        ServerFault(
            "charset",
            ["type-parameters": "fail"],
            (type, #"add_header Content-Type "$regstatic_type; charset=utf-8";"#)
        ),
        ServerFault("no digest header", ["digest-header": "warn"], (digest, "")),
        ServerFault(
            "wrong digest header",
            ["digest-header": "fail"],
            (
                digest,
                "add_header Docker-Content-Digest sha256:\(String(repeating: "0", count: 64));"
            )
        ),
        ServerFault("no root", ["api-root": "fail"], ("return 200 '{}';", "return 404;")),
        ServerFault(
            "HEAD refused",
            ["manifest-head": "fail"],
            (#""~^(?:GET|HEAD) " 0;"#, #""~^(?:GET|HEAD [^ ]+/blobs/)" 0;"#)
        ),
        ServerFault(
            "compression of JSON",
            ["manifest-encoding": "warn"],
            (
                "gzip off;\n    gzip_static",
                "gzip on;\n    gzip_min_length 1;\n gzip_types *;\n gzip_static"
            ),
            (blob, "gzip off;\n\(blob)")
        ),
    ]

    private static let blobs = [
        ServerFault(
            "blobs labelled as encoded",
            ["blob-encoding": "fail"],
            (blob, "\(blob)\nadd_header Content-Encoding gzip;")
        ),
        ServerFault(
            "no ranges",
            ["blob-range": "fail", "blob-parts": "warn"],
            (blob, "\(blob)\nmax_ranges 0;")
        ),
        ServerFault("ten ranges", ["blob-parts": "warn"], (blob, "\(blob)\nmax_ranges 10;")),
        ServerFault(
            "one range",
            ["blob-parts": "fail"],
            (blob, "\(blob)\nif ($http_range ~ ,) { return 416; }")
        ),
        // podman asks for fewer then.
        ServerFault("short headers", [:], ("large_client_header_buffers 4 64k;", "")),
    ]

    private static let absence = [
        ServerFault(
            "404 as a page",
            ["missing-body": "warn"],
            (json, "default_type text/html;\n    return 404 ")
        ),
        ServerFault(
            "403",
            ["missing-status": "fail", "malformed-digest": "fail"],
            (json, "default_type text/html;\n    return 403 ")
        ),
        ServerFault(
            "a page for everything",
            ["missing-status": "fail", "malformed-digest": "fail", "referrers": "fail"],
            (json, "default_type text/html;\n    return 200 "),
            (noReferrers, "try_files $uri @regstatic_no_name;")
        ),
        ServerFault("no referrers", ["referrers": "warn"], (noReferrers, "return 404;")),
    ]

    private static let writing = [
        ServerFault(
            "PUT accepted",
            ["writes-refused": "fail"],
            (
                "if ($regstatic_refuse) {",
                "if ($request_method = PUT) { return 201; }\nif ($regstatic_refuse) {"
            )
        ),
        ServerFault(
            "405 as a page",
            ["refusal-form": "warn"],
            ("error_page 405 @regstatic_unsupported;", "")
        ),
    ]
}
