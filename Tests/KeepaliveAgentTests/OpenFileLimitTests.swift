// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import KeepaliveAgent
import KeepaliveEngine
import Testing

struct OpenFileLimitTests {
    private func configuration(_ caps: [Int]) -> Configuration {
        var configuration = Configuration(file: "config.yaml")
        configuration.backends = caps.enumerated().map { index, cap in
            .test("backend-\(index)", "http://127.0.0.1:1/mcp") { $0.maxRequestsInFlight = cap }
        }
        return configuration
    }

    @Test(arguments: [(1024, 480), (256, 96), (66, 1), (64, 1), (0, 1)])
    func `half of what is left may be requests`(files: Int, requests: Int) {
        #expect(OpenFileLimit(files: files).requestsInFlight == requests)
    }

    @Test func `what fits stays as it was configured`() {
        var configuration = configuration([300, 172])
        #expect(OpenFileLimit(files: 1024).apply(to: &configuration) == nil)
        #expect(configuration.backends.map(\.policy.maxRequestsInFlight) == [300, 172])
    }

    @Test func `what does not fit is shared, and who wants less keeps it`() {
        var configuration = configuration([400, 10, 400])
        #expect(OpenFileLimit(files: 1024).apply(to: &configuration) == 156)
        #expect(configuration.backends.map(\.policy.maxRequestsInFlight) == [156, 10, 156])
    }

    @Test func `every backend may have one request`() {
        var configuration = configuration([64, 64, 64])
        #expect(OpenFileLimit(files: 64).apply(to: &configuration) == 1)
        #expect(configuration.backends.map(\.policy.maxRequestsInFlight) == [1, 1, 1])
    }

    @Test func `the limit of this process is read`() {
        #expect(OpenFileLimit.raise().files > 64)
    }
}
