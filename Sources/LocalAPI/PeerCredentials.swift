// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore

/// Whose process is at the other end of a unix socket, as the kernel says (`struct ucred` of unix(7)).
struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0

    /// Asks for those of an accepted connection.
    static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return socket.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    }
}

extension SocketListener {
    /// Whether this peer is served.
    func allows(_ peer: PeerCredentials) -> Bool {
        allowedUsers.contains(peer.user) || allowedGroups.contains(peer.group)
    }
}
