internal import Foundation

/// The files that the tests are held to.
enum Repository {
  static func file(_ name: String) -> URL {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appending(path: name)
  }
}
