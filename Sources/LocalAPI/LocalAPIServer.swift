// SPDX-License-Identifier: Apache-2.0

package import ControlAPI

/// The local API: what the control plane can do, over HTTP on a unix socket and on TCP.
package actor LocalAPIServer {
    private let configuration: LocalAPIConfiguration
    private let plane: any ControlPlane
    private var listeners: [Listener] = []

    /// A server that does not listen yet.
    package init(configuration: LocalAPIConfiguration, plane: any ControlPlane) {
        self.configuration = configuration
        self.plane = plane
    }

    /// Starts to listen and returns when everything does, or nothing when one cannot. To be called once.
    @discardableResult
    package func start() async throws(LocalAPIError) -> BoundPorts {
        let hosts = HostRule(allowedHosts: configuration.allowedHosts)
        let limits = configuration.limits
        var ports = BoundPorts()
        do throws(LocalAPIError) {
            if let socket = configuration.socket {
                listeners.append(try await Listener.open(socket, plane, limits))
            }
            if let address = configuration.readOnly {
                let listener = try await Listener.open(address, .readOnly(hosts), plane, limits)
                listeners.append(listener)
                ports.readOnly = listener.port
            }
            if let readWrite = configuration.readWrite {
                let listener = try await Listener.open(
                    readWrite.address,
                    readWrite.access(hosts),
                    tls: readWrite.tls,
                    plane,
                    limits
                )
                listeners.append(listener)
                ports.readWrite = listener.port
            }
        } catch {
            await stop(within: .zero)
            throw error
        }
        return ports
    }

    /// Stops to listen at once and ends streams of events; requests in flight may end within the time, and are cut off then.
    package func stop(within time: Duration) async {
        let deadline = ContinuousClock.now + time
        let listeners = self.listeners
        self.listeners = []
        await withDiscardingTaskGroup { group in
            for listener in listeners { group.addTask { await listener.stop(by: deadline) } }
        }
    }
}
