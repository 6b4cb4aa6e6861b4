// SPDX-License-Identifier: Apache-2.0

package import LogText

extension StandardErrorLog: LogSink {}
