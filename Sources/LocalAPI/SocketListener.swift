// SPDX-License-Identifier: Apache-2.0

/// A unix socket to listen on.
package struct SocketListener: Sendable, Hashable {
    /// Where it is; an absolute path of at most 107 bytes. Its folder is made, with mode 0750, when it is missing.
    package var path: String
    /// Users and groups whose processes are served. The kernel tells both (`SO_PEERCRED`), so nobody can claim to be
    /// somebody else; of the groups it tells the effective one only. Empty sets let nobody in.
    package var allowedUsers: Set<UInt32>
    package var allowedGroups: Set<UInt32>

    /// Its mode: the owner and the group may connect.
    static let mode: UInt32 = 0o660

    package init(path: String, allowedUsers: Set<UInt32>, allowedGroups: Set<UInt32> = []) {
        self.path = path
        self.allowedUsers = allowedUsers
        self.allowedGroups = allowedGroups
    }
}
