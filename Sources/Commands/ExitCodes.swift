// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import OCI
internal import Archive
internal import ArgumentParser
internal import BundleModel
internal import Bundles
internal import Certificates
internal import HTTP
internal import Inputs
internal import Signatures
internal import SiteModel
internal import Site
internal import Store
internal import Streams

/// The exit codes, as documented by `--help`.
///
/// ArgumentParser uses 64 for wrong usage.
enum ExitCodes {
    /// A build refused an input but added the others, or a clash of names, a refused certificate or a
    /// bundle that doesn't fit the site prevented all changes, or `doctor` found a fault.
    static let refused = ExitCode(1)
    /// `verify`, `bundle`, `sign` or `publish` found faults, or `tls --show` found a certificate that is not valid
    /// now.
    static let faults = ExitCode(2)
    /// Another run has locked the site.
    static let locked = ExitCode(3)
    /// The site, or the folder of certificates, can't be read or written.
    static let output = ExitCode(4)

    /// A program that the command needs is missing or failed, or no server answers.
    static let program = ExitCode(5)

    /// `verify` found a site between two versions, or a bundle needs more volumes than were given.
    ///
    /// A run was interrupted, or the first run into a folder didn't end; the next run completes the change.
    static let unfinished = ExitCode(6)

    static func code(for error: any Error) -> ExitCode {
        switch error {
        case let error as SiteBuild.Failure: code(for: error.cause)
        case let error as BundleFailure: code(of: error)
        case is LockedError: locked
        case is BlobError: faults
        case is FileError: output
        case CertificateError.missing, CertificateError.unreadable: output
        case ServeError.closed: output
        case is ServeError: program
        case PublishError.faults: faults
        // The code that a shell returns for a signal.
        case PublishError.interrupted(let signal): ExitCode(128 + signal)
        case PublishError.noBucket, PublishError.noFolder: .validationFailure
        case is PublishError: program
        case is SignatureError, SigningError.faults: faults
        case is SignersError, SigningError.noKey: output
        case SigningError.interrupted(let signal): ExitCode(128 + signal)
        case is SigningError: program
        case SiteDamage.notBuilt: unfinished
        case let error as NoSiteForBundle: code(for: error.damage)
        case is SiteDamage, is LayoutError: output
        case is TransferError: program
        default: refused
        }
    }

    /// A file that can't be opened, or is no bundle or inventory, is the wrong one; everything else is a
    /// fault of the bundle.
    private static func code(of failure: BundleFailure) -> ExitCode {
        switch failure.cause {
        case BundleError.notAnInventory, BundleError.notABundle, BundleError.notAFile,
            BundleError.folder, is ArchiveError:
            refused
        default: faults
        }
    }

    static let help = """
        EXIT CODES:
          0   done
          1   an input was refused or is damaged (its intact images are in the site);
              repositories clash or certificates are refused (nothing changed);
              a bundle doesn't fit the site (nothing changed); doctor found a fault;
              list --missing found images that the site lacks
          2   verify found faults, or the signature isn't accepted; a bundle is
              damaged or doesn't fit the site; publish or sign found faults and did
              nothing;
              tls --show found an expired or not yet valid certificate
          3   another run is writing or publishing the site
          4   the site or the folder of certificates can't be read or written, or
              is too damaged to be changed
          5   a program that the command needs (nginx, rclone, ssh-keygen) is missing
              or failed; no server answers doctor
          6   verify found no fault, but a run ended early, or the first build into the
              folder did; the next run finishes it. Or a bundle needs more volumes
          64  wrong usage
        """

    /// Runs a command; if it fails, reports the error and exits with the error's code.
    ///
    /// With `--json`, a failed command prints one document that describes the failure.
    static func reporting(_ console: Console, _ body: () throws -> Void) throws {
        do {
            try body()
            try Console.checkOutput()
        } catch let exit as ExitCode { throw exit } catch {
            let build = error as? SiteBuild.Failure
            let (text, code) = (ErrorText(error), code(for: error))
            if console.isJSON { console.out(failure(text, code: code, build)) }
            let missing = MissingContentText(build?.missing ?? [])
            for text in missing.lines(build?.errors ?? []) + [text.lines] {
                console.warn(console.styled(text, .red))
            }
            throw code
        }
    }

    private static func failure(
        _ text: ErrorText,
        code: ExitCode,
        _ build: SiteBuild.Failure?
    ) -> JSON {
        let refused = build?.errors ?? []
        let missing = MissingContentText(build?.missing ?? [])
        return .object([
            "failure": .object([
                "code": .integer(code.rawValue), "message": .string(text.what),
                "remedy": text.remedy.map(JSON.string),
            ]),
            "errors": refused.isEmpty ? nil : .array(refused.map { $0.json(missing) }),
            "missingContent": missing.isEmpty ? nil : missing.json,
            "missingContentLimit": missing.limit,
        ])
    }
}
