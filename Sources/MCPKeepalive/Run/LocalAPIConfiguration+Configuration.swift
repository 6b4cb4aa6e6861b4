// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import Foundation
import Glibc
import LocalAPI

extension LocalAPIConfiguration {
    /// What the file says of the local API; `problems` are the users and groups that this machine does not know.
    init(_ api: APIConfiguration, environment: [String: String], problems: inout [String]) {
        self.init()
        if let path = api.socketPath(environment: environment) {
            // The agent's own user and root may do more than this anyway.
            var users: Set<UInt32> = [geteuid(), 0]
            for name in api.allowedUsers {
                if let user = UInt32(name) ?? Self.user(name) {
                    users.insert(user)
                } else {
                    problems.append("api.allowed_users: there is no user '\(name)'")
                }
            }
            var groups: Set<UInt32> = []
            for name in api.allowedGroups {
                if let group = UInt32(name) ?? Self.group(name) {
                    groups.insert(group)
                } else {
                    problems.append("api.allowed_groups: there is no group '\(name)'")
                }
            }
            socket = SocketListener(path: path, allowedUsers: users, allowedGroups: groups)
        }
        readOnly = api.listen.map { TCPListener(host: $0.host, port: $0.port) }
        if let writable = api.writable {
            var listener = TokenListener(
                address: TCPListener(host: writable.address.host, port: writable.address.port),
                currentToken: nil
            )
            if let tls = writable.tls {
                listener.tls = ServerTLS(
                    certificateFile: tls.certificateFile,
                    keyFile: tls.keyFile,
                    clientAuthorityFile: tls.clientAuthorityFile
                )
            }
            if let file = writable.tokenFile { listener.currentToken = { Self.token(in: file) } }
            readWrite = listener
            allowedHosts = Set(writable.allowedHosts)
        }
    }

    private static func token(in file: String) -> String? {
        guard case .success(let contents) = FileReader.system(file, limit: 64 * 1024) else { return nil }
        return String(decoding: contents.bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static func user(_ name: String) -> UInt32? {
        unsafe getpwnam(name).map { unsafe $0.pointee.pw_uid }
    }

    private static func group(_ name: String) -> UInt32? {
        unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid }
    }
}
