// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A unix socket that listens, and its file.
struct SocketFile: Sendable {
    let path: String
    let descriptor: Int32
    private let device: UInt
    private let number: UInt

    /// Makes and listens on it. A file that a dead process left is replaced.
    ///
    /// Blocks, but on nothing that takes time. Until it listens nobody can connect, and by then it has its mode.
    init(_ listener: SocketListener) throws(LocalAPIError) {
        let path = listener.path
        let folder = try Self.lockFolder(of: path)
        // With the folder locked, two that start at once cannot take each other's file for a dead one's.
        defer { close(folder) }
        try Self.removeStale(path)
        let descriptor = socket(
            AF_UNIX,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else { throw Self.error(path) }
        do throws(LocalAPIError) {
            // Linux gives the file the mode of the socket, less the umask, which can only take away: never more than this.
            guard fchmod(descriptor, SocketListener.mode) == 0 else { throw Self.error(path) }
            try unsafe Self.withAddress(path) { address, length throws(LocalAPIError) in
                guard unsafe bind(descriptor, address, length) == 0 else { throw Self.error(path) }
            }
            var status = stat()
            guard unsafe chmod(path, SocketListener.mode) == 0, unsafe lstat(path, &status) == 0,
                listen(descriptor, Self.backlog) == 0
            else {
                let error = Self.error(path)
                unsafe unlink(path)
                throw error
            }
            (device, number) = (UInt(status.st_dev), UInt(status.st_ino))
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// Removes the file unless somebody has put another one in its place.
    func remove() {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, UInt(status.st_dev) == device, UInt(status.st_ino) == number else {
            return
        }
        unsafe unlink(path)
    }

    // MARK: Steps

    private static let backlog: Int32 = 128

    /// Makes the folder where it is missing, and holds its lock as long as the descriptor is open.
    private static func lockFolder(of path: String) throws(LocalAPIError) -> Int32 {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = end == path.startIndex ? "/" : String(path[..<end])
        let mode: mode_t = 0o750
        if unsafe mkdir(folder, mode) == 0 {
            guard unsafe chmod(folder, mode) == 0 else { throw error(path) }
        } else if errno != EEXIST {
            throw error(path)
        }
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path) }
        // Others hold it for some microseconds.
        for _ in 0..<1000 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(1000)
        }
        let error = errno == EWOULDBLOCK ? LocalAPIError.folderLocked(path: path) : error(path)
        close(descriptor)
        throw error
    }

    private static func removeStale(_ path: String) throws(LocalAPIError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw error(path) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notSocket(path: path) }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw error(path) }
        defer { close(probe) }
        let result = try unsafe withAddress(path) { address, length in
            unsafe connect(probe, address, length) == 0 ? 0 : errno
        }
        switch result {
        case ECONNREFUSED:
            guard unsafe unlink(path) == 0 || errno == ENOENT else { throw error(path) }
        case ENOENT: break
        // EAGAIN: it listens, and has many to accept.
        case 0, EAGAIN: throw .inUse(address: path)
        case EPROTOTYPE: throw .notSocket(path: path)
        default: throw error(path, result)
        }
    }

    private static func withAddress<Result>(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(LocalAPIError) -> Result
    ) throws(LocalAPIError) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard (1...room).contains(bytes.count), !bytes.contains(0) else {
            throw .failed(address: path, reason: "the path of a socket has to have 1 to \(room) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return try unsafe withUnsafePointer(to: address) { pointer throws(LocalAPIError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer throws(LocalAPIError) in
                try unsafe body(pointer, length)
            }
        }
    }

    private static func error(_ path: String, _ code: Int32 = errno) -> LocalAPIError {
        LocalAPIError(code, address: path)
    }
}

extension LocalAPIError {
    /// What an `errno` means for an address.
    init(_ code: Int32, address: String) {
        switch code {
        case EADDRINUSE: self = .inUse(address: address)
        case EACCES, EPERM, EROFS: self = .notPermitted(address: address)
        default: self = unsafe .failed(address: address, reason: String(cString: strerror(code)))
        }
    }
}
