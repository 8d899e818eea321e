// SPDX-License-Identifier: Apache-2.0
// Copyright the regstatic authors

internal import Compression
internal import OCI
internal import SiteModel
internal import Inputs
internal import Store
internal import Streams
internal import Synchronization

/// Hashes one blob.
final class HashJob: Job {
    let digest: Digest
    let size: Int
    private let store: BlobStore
    private let progress: any Progress
    private let outcome = Mutex<Result<SiteFault.BlobFault?, any Error>>(.success(nil))

    init(_ digest: Digest, size: Int, store: BlobStore, progress: any Progress) {
        self.digest = digest
        self.size = size
        self.store = store
        self.progress = progress
    }

    var isReady: Bool { true }

    var fault: SiteFault.BlobFault? {
        get throws { try outcome.withLock { try $0.get() } }
    }

    func step(_ worker: Worker) -> Step {
        do {
            try store.verify(digest, size: nil) { progress.advance($0) }
        } catch BlobError.mismatch(_, let found) {
            outcome.withLock { $0 = .success(.mismatch(found: found)) }
        } catch BlobError.missing {
            outcome.withLock { $0 = .success(.missing) }
        } catch let error as FileError {
            outcome.withLock { $0 = .success(.unreadable(error.reason)) }
        } catch {
            outcome.withLock { $0 = .failure(error) }
        }
        return .last
    }
}
