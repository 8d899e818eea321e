// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import Catalogue
internal import Certificates
internal import ClientKit
internal import HTTP
internal import OCI
internal import Publishing
internal import Site
internal import Inputs
internal import Store

/// An error as the user reads it: what happened and where, and what to do about it.
struct ErrorText: Hashable {
    let what: String
    let remedy: String?
    private let kind: String

    init(_ what: String, remedy: String? = nil, kind: String = "error") {
        self.what = what
        self.remedy = remedy
        self.kind = kind
    }

    /// In one line, where "error" stands there already.
    var sentence: String {
        HumanText.printable("\(what)." + (remedy.map { " \($0)" } ?? ""))
    }

    /// For a terminal: what an archive wrote may not move its cursor.
    var lines: String {
        HumanText.printable("\(kind): \(what)")
            + (remedy.map { "\n  " + HumanText.printable($0) } ?? "")
    }
}

extension ErrorText {
    /// The text of any error that reaches a command.
    init(_ error: any Error) {
        switch error {
        case let error as SourceError: self.init(error)
        case let error as SiteError: self.init(error)
        case let error as FileError: self.init(error)
        case let error as BlobError: self.init(error)
        case let error as ServeError: self.init(error)
        case let error as PublishError: self.init(error)
        case let error as StaticHost.Limit: self.init(error)
        case let error as CertificateError: self.init(error)
        case let error as HostError: self.init(error)
        case let error as RegistryHostError: self.init(error)
        case let error as ClientsError: self.init(error)
        case let error as TemplateError: self.init(error)
        case let error as SiteBuild.Failure: self.init(error.cause)
        case let error as LockedError:
            self.init(
                error.holder.isEmpty
                    ? "another run holds the site" : "the site is being written by \(error.holder)",
                remedy: "Wait until it is done; the lock goes away with its holder."
            )
        case let error as TransferError: self.init(error)
        default: self.init("\(error)")
        }
    }

    private init(_ error: TransferError) {
        let remedy =
            switch error.kind {
            case .unreachable: "Is the server running, its name known, its port open?"
            case .notTLS: "If the server speaks plain HTTP, say so: http://HOST:PORT."
            case .certificate: "If the authority is a private one, name it with --cacert."
            case .library: "Install libcurl; on Debian that is libcurl4."
            case .broken: "Is it a web server that listens there?"
            }
        let what = error.kind == .library ? "can't load libcurl" : "no answer"
        self.init("\(what): \(error.reason)", remedy: remedy)
    }

    private init(_ error: FileError) {
        let what =
            "can't \(error.operation) \(error.path): \(error.reason)"
            + (error.shortage.map { ": " + Self.text($0) } ?? "")
        if error.isDiskFull {
            self.init(
                what,
                remedy: "Free some space or choose another disk, then run the same command again."
            )
        } else if error.isTooLarge {
            self.init(
                what,
                remedy: "FAT32 holds files up to 4 GiB: format the medium as exFAT or NTFS, or"
                    + " build into a folder on another disk."
            )
        } else if error.isReadOnly {
            self.init(what, remedy: "Choose a folder that you may write to with -o.")
        } else if error.isLink {
            self.init(
                "\(error.path) is a symbolic link, and regstatic follows no link inside a site",
                remedy:
                    "Remove the link, then run `regstatic build` again: it writes what belongs there."
            )
        } else if error.isOccupied {
            self.init(
                what,
                remedy:
                    "Something else is in the place of a file or folder of ours. Move it away, then"
                    + " run the same command again."
            )
        } else if error.isStrangeLock {
            self.init(
                "\(error.path) is not a file of its own (\(error.reason)), so it can't be the lock",
                remedy: "Remove it; the next command makes it again."
            )
        } else if error.isMediumFailing {
            self.init(
                what,
                remedy: "The medium may be failing: copy what it still gives to another one."
            )
        } else {
            self.init(what)
        }
    }

    private init(_ error: ServeError) {
        switch error {
        case .noNginx:
            self.init(
                "there is no nginx on this machine",
                remedy: "Install it (apt install nginx-light, dnf install nginx, apk add nginx)."
            )
        case .ended(let status):
            self.init(
                "nginx ended with status \(status); its own words are above",
                remedy: "If the address is in use, choose another with --listen."
            )
        case .closed(let folder):
            self.init(
                "nginx's workers may not enter \(folder)",
                remedy:
                    "Allow it (chmod o+x \(folder)), move the site, or run this as another user."
            )
        }
    }

    private static func text(_ shortage: Room.Shortage) -> String {
        let needed = HumanText.size(shortage.needed)
        let available = HumanText.size(shortage.available)
        return switch shortage.kind {
        case .space: "\(needed) are needed, \(available) are free"
        case .fileSize: "a blob of \(needed), and the largest file may have \(available)"
        }
    }

    private init(_ error: SiteError) {
        switch error {
        case .otherLayout(let path, let layout):
            self.init(
                "\(path) has the \(layout.rawValue) layout",
                remedy: "Leave --layout out, or convert it: regstatic build \(path) -o NEW --layout"
                    + " \(layout == .plain ? "portable" : "plain")"
            )
        case .plainRefused(let path, let refusal):
            self.init(
                "\(path) is on a medium that holds no links with ':' in their names"
                    + " (\(refusal.reason))",
                remedy: "Leave --layout plain out: the portable layout is for such media."
            )
        case .tooManyImages(let count):
            self.init(
                "a site can't list \(count) images",
                remedy: "Spread them over several sites."
            )
        case .notASite(let path):
            self.init(
                "\(path) is not a site made by regstatic",
                remedy: "Name an empty or new folder, or a site that build made."
            )
        case .tooManyMirrors(let limit):
            self.init(
                "the images are of more than \(limit) registries",
                remedy: "Spread them over several sites."
            )
        default: self.init(damaged: error)
        }
    }
}
