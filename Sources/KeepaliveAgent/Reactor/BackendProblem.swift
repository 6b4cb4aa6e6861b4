// SPDX-License-Identifier: Apache-2.0

package import Transfer

/// A backend that cannot even be asked: libcurl refuses its URL or one of its files.
package struct BackendProblem: Error, Sendable, CustomStringConvertible {
    package let backend: String
    package let error: TransferError

    package var description: String { "backend '\(backend)': \(error)" }
}
