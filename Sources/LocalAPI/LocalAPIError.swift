// SPDX-License-Identifier: Apache-2.0

/// Why the local API cannot listen.
package enum LocalAPIError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Somebody else listens there.
    case inUse(address: String)
    /// This process may not.
    case notPermitted(address: String)
    /// There is something else than a socket at the path, which is left alone.
    case notSocket(path: String)
    /// Another process is at this moment looking after the same folder.
    case folderLocked(path: String)
    /// A file of certificates or the key cannot be used.
    case unusableTLS(String)
    /// The system says why not, in its words.
    case failed(address: String, reason: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .inUse(let address):
            "cannot listen on \(address): another process listens there; stop it or choose another address"
        case .notPermitted(let address):
            "cannot listen on \(address): permission denied; choose a port from 1024 on or a folder that this user may write"
        case .notSocket(let path):
            "cannot listen on \(path): there is something else at this path; move it away or choose another path"
        case .folderLocked(let path):
            "cannot listen on \(path): another process holds a lock on its folder; choose another folder"
        case .unusableTLS(let reason):
            "cannot speak TLS: \(reason); check the files of api.writable.tls"
        case .failed(let address, let reason):
            "cannot listen on \(address): \(reason)"
        }
    }
}
