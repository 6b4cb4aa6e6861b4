// SPDX-License-Identifier: Apache-2.0

/// What a request is answered with that needs no more than a status: 204, RFC 9110 section 15.3.5.
package struct NoAnswer: Codable, Sendable, Hashable {}
