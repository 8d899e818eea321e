// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Archive
internal import OCI
internal import Signatures
internal import SiteModel

/// The verdict on the signature of an input's index.json, made before the index is parsed.
struct SiteProof {
    private let digest: Digest
    private let verdict: Result<Signer, SiteSignatureFault>

    /// Reads the bytes of index.json and their signature, and checks them.
    init(
        of index: MemberFile,
        in source: some MemberSource,
        _ policy: SignerPolicy
    ) throws(SourceFault) {
        let bytes = try source.bytes(of: index, limit: JSONLimits.list.bytes)
        digest = Digest(of: bytes)
        let path = SignaturePath.of(digest)
        guard source.members.contains(path) else {
            verdict = .failure(.unsigned)
            return
        }
        let file = try source.file(path, neededBy: index.path.description)
        guard file.size <= SSHSignature.maximumSize else {
            verdict = .failure(.refused(.tooLarge(limit: SSHSignature.maximumSize)))
            return
        }
        let signature = try source.bytes(of: file, limit: SSHSignature.maximumSize)
        do throws(SignatureError) {
            verdict = .success(try policy.check(signature, of: bytes, in: .site))
        } catch { verdict = .failure(.refused(error)) }
    }

    /// The signer of the index, which was parsed in the meantime.
    ///
    /// - Throws: `SourceFault.signature` if the signature isn't accepted, or doesn't cover all images
    ///   of the input.
    func signer(
        of index: RawDocument,
        in source: some MemberSource
    ) throws(SourceFault) -> Signer {
        // The medium may have given other bytes the second time.
        guard index.digest == digest else { throw .signature(.changed) }
        guard !source.members.contains(DockerArchive.path) else {
            throw .signature(.otherList(DockerArchive.path))
        }
        do throws(SiteSignatureFault) { return try verdict.get() } catch {
            throw .signature(error)
        }
    }
}
