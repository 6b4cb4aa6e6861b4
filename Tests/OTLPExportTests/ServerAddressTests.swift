// SPDX-License-Identifier: Apache-2.0

import OTLPExport
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8931/mcp", "127.0.0.1", 8931),
        ("http://mcp.internal/mcp", "mcp.internal", 80),
        ("https://mcp.internal/mcp", "mcp.internal", 443),
        ("HTTPS://mcp.internal", "mcp.internal", 443),
        ("https://mcp.internal:8443", "mcp.internal", 8443),
        ("http://mcp.internal?a=b:1/c", "mcp.internal", 80),
        ("http://[::1]:9000/mcp", "::1", 9000),
        ("https://[2001:db8::1]/mcp", "2001:db8::1", 443),
        ("https://user:secret@collector:4318/v1/traces", "collector", 4318),
    ])
    func `host and port are those that are connected to`(_ url: String, _ host: String, _ port: Int) {
        let address = ServerAddress(url: url)
        #expect(address.host == host)
        #expect(address.port == port)
    }
}
