// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import HTTP
internal import OCI

// Checks of how a read-only registry answers write requests.
extension Check {
    static let writing = [writesRefused, refusalForm]

    private static let writesRefused = Check(
        "writes-refused",
        .writing,
        "nothing can be written",
        reason: "anyone who may write can give every client another image",
        breaks: [Breakage(.docker, "docker push believes that it pushed")],
        fix: Fix(
            "below /v2/, allow only GET and HEAD",
            nginx: "remove dav_methods, and any proxy_pass for uploads",
            apache: "remove Dav On; add <LimitExcept GET HEAD> Require all denied",
            objects: "allow s3:GetObject and s3:ListBucket to everyone, and nothing else"
        ),
        scope: .registry
    ) { run in
        for reply in run.attempts() where (200..<400).contains(reply.status) {
            run.fail(reply, expected: "405", found: "\(reply.status)")
        }
    }

    private static let refusalForm = Check(
        "refusal-form",
        .writing,
        "writing is refused with 405 and the specification's JSON error",
        reason:
            "distribution-spec, error codes: UNSUPPORTED; docker push shows the error's message",
        breaks: [Breakage(.docker, "docker push shows an error that explains nothing")],
        fix: Fix(
            #"answer 405 with {"errors":[{"code":"UNSUPPORTED","message":"…"}]}, application/json"#,
            apache: "ErrorDocument 405 with a JSON file, type application/json",
            caddy: "handle_errors with a JSON respond"
        ),
        scope: .registry
    ) { run in
        for reply in run.attempts() where reply.status >= 400 {
            guard reply.status == 405 else {
                run.warn(reply, expected: "405", found: "\(reply.status)")
                continue
            }
            run.expectError(reply)
        }
    }
}

extension CheckRun {
    /// Sends write requests that a real registry would refuse, because they have no valid document.
    ///
    /// The last request deletes the tag in case a server created it.
    fileprivate mutating func attempts() -> [Reply] {
        let tag = address.path("\(someRepository)/manifests/regstatic-doctor-write")
        return [
            ask(.put, tag),
            ask(.post, address.path("\(someRepository)/blobs/uploads/")),
            ask(.delete, tag),
        ]
        .compactMap { $0 }
    }
}
