// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import BundleModel
internal import Bundles
internal import Catalogue
internal import Certificates
internal import SiteModel
internal import ClientKit
internal import HTTP
internal import OCI
internal import Publishing
internal import Signatures
internal import Site
internal import Inputs
internal import Store
internal import Streams

/// An error as the user reads it: what happened and where, and what to do about it.
struct ErrorText: Hashable {
    let what: String
    let remedy: String?
    /// Lines for a terminal between what happened and the remedy.
    let details: [String]
    private let kind: String

    init(_ what: String, details: [String] = [], remedy: String? = nil, kind: String = "error") {
        self.what = what
        self.details = details
        self.remedy = remedy
        self.kind = kind
    }

    /// One line without the word "error", for a message that already begins with this word.
    var sentence: String {
        HumanText.printable("\(what)." + (remedy.map { " \($0)" } ?? ""))
    }

    /// The lines for a terminal; control characters from an archive are replaced, because they
    /// could move the cursor.
    var lines: String {
        (["\(kind): \(what)"] + (details + [remedy].compactMap(\.self)).map { "  \($0)" })
            .map(HumanText.printable).joined(separator: "\n")
    }
}

extension ErrorText {
    /// Makes the text for any error that a command can receive.
    init(_ error: any Error) {
        switch error {
        case let error as SourceError: self.init(error)
        case let error as NamingError: self.init(error)
        case let error as TagRefusal: self.init(error)
        case let error as LookupError: self.init(error)
        case let error as PolicyRefusal: self.init(error)
        case let error as LayoutError: self.init(error)
        case let error as ProgramRefusal: self.init(error)
        case let error as SiteDamage: self.init(error)
        case let error as FileError: self.init(error)
        case let error as BlobError: self.init(error)
        case let error as ServeError: self.init(error)
        case let error as PublishError: self.init(error)
        case let error as StaticHost.Limit: self.init(error)
        case let error as CertificateError: self.init(error)
        case let error as SignatureError: self.init(error)
        case let error as SignersError: self.init(error)
        case let error as SigningError: self.init(error)
        case let error as HostError: self.init(error)
        case let error as RegistryHostError: self.init(error)
        case let error as ClientsError: self.init(error)
        case let error as TemplateError: self.init(error)
        case let error as SiteBuild.Failure: self.init(error.cause)
        case let error as LockedError:
            self.init(
                error.holder.isEmpty
                    ? "another run is using the site"
                    : "another run is writing the site: \(error.holder)",
                remedy: "Wait until that run has ended. Its lock is then released, too."
            )
        case let error as TransferError: self.init(error)
        case let error as BundleFailure: self.init(error)
        case let error as BundleRefusal: self.init(error)
        case let error as MissingBases: self.init(error)
        case let error as MissingImagesError: self.init(error)
        case let error as NoSiteForBundle: self.init(error)
        case let error as VolumeError: self.init(error)
        case let error as BundleLimit: self.init(error)
        case let error as PatchFailure: self.init(error)
        case let error as BundleSignatureError: self.init(error)
        default:
            self.init(
                "unexpected error: \(error)",
                remedy:
                    "This is a bug in regstatic. Please report it, with the command that you ran."
            )
        }
    }

    private init(_ error: TransferError) {
        let remedy =
            switch error.kind {
            case .unreachable:
                "Check that the server is running, its name resolves and its port is open."
            case .notTLS: "If the server speaks plain HTTP, write http://HOST:PORT."
            case .onlyTLS: "Write https:// in front of the name, not http://."
            case .certificate:
                "If the certificate is from a private CA, name the CA's file with --cacert."
            case .library: "Install libcurl; Debian's package is libcurl4."
            case .broken: "Check that a web server is listening at this address."
            }
        let what =
            switch error.kind {
            case .library: "can't load libcurl"
            case .onlyTLS: "wrong scheme"
            case .unreachable, .notTLS, .certificate, .broken: "no answer"
            }
        self.init("\(what): \(error.reason)", remedy: remedy)
    }

    private init(_ error: FileError) {
        let what =
            "can't \(error.operation) \(error.path): \(error.reason)"
            + (error.shortage.map { ": " + Self.text($0) } ?? "")
        if error.operation == TemporaryFiles.operation {
            self.init(what, remedy: "Name another folder for temporary files: export TMPDIR=FOLDER")
        } else if error.isDiskFull {
            self.init(
                what,
                remedy: "Free some space or choose another disk, then run the same command again."
            )
        } else if error.isTooLarge {
            self.init(
                what,
                remedy:
                    "FAT32 can't hold files of 4 GiB or more. Format the medium as exFAT or NTFS, or"
                    + " build into a folder on another disk."
            )
        } else if error.isReadOnlyMedium, error.path.hasSuffix("/lock") {
            self.init(
                what,
                remedy:
                    "The command changes the site, and its medium is mounted for reading only. Mount it for"
                    + " writing, or copy the site to another medium."
            )
        } else if error.isReadOnly {
            self.init(
                what,
                remedy: ["open", "list", "read", "look at"].contains(error.operation)
                    ? "Change its permissions, or run the command as a user who may read it."
                    : "With -o, choose a folder that you may write to."
            )
        } else if error.isLink {
            self.init(
                "\(error.path) is a symbolic link, and regstatic doesn't follow links inside a site",
                remedy:
                    "Remove the link, then run `regstatic build` again; it writes the missing file."
            )
        } else if error.isOccupied {
            self.init(
                what,
                remedy:
                    "Something else is in the place of a file or folder that regstatic writes. Move"
                    + " it away, then run the same command again."
            )
        } else if error.isStrangeLock {
            self.init(
                "\(error.path) can't be the lock, because it is a hard link or not a regular file",
                remedy: "Remove this file; the next command makes a new lock."
            )
        } else if error.isMediumFailing {
            self.init(
                what,
                remedy:
                    "The medium may be failing. Copy the files that are still readable to another medium."
            )
        } else {
            self.init(what)
        }
    }

    private init(_ error: ServeError) {
        switch error {
        case .noNginx:
            self.init(
                "nginx is not installed",
                remedy: "Install it (apt install nginx-light, dnf install nginx, apk add nginx)."
            )
        case .ended(let status):
            self.init(
                "nginx ended with status \(status); its own messages are above",
                remedy: "If the address is in use, choose another with --listen."
            )
        case .closed(let folder):
            self.init(
                "the worker processes of nginx have no permission to enter \(folder)",
                remedy:
                    "Allow access (chmod o+x \(folder)), move the site, or run this command as"
                    + " another user."
            )
        }
    }

    private static func text(_ shortage: FileError.Shortage) -> String {
        let needed = HumanText.size(shortage.needed)
        let available = HumanText.size(shortage.available)
        return switch shortage.kind {
        case .space: "\(needed) are needed, \(available) are free"
        case .fileSize: "a file needs \(needed), but can have at most \(available)"
        }
    }
}
