internal import Feedback
internal import Foundation
internal import GRDB

extension Array where Element == UInt8 {
  /// The bytes as SQLite's driver takes them.
  var data: Data { Data(self) }
}

extension Row {
  func bytes(_ column: String) -> [UInt8]? {
    let data: Data? = self[column]
    return data.map { Array($0) }
  }

  func hash(_ column: String) -> Hash? { bytes(column).flatMap { Hash(bytes: $0) } }
}
