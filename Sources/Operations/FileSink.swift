internal import Domain
internal import FileOutput

/// A file that appears when it is whole, or standard output, whose failures are problems to tell.
final class FileSink {
  private let file: WholeFile
  /// Whether the reader of a pipe has gone: nobody wants the rest.
  private(set) var isClosed = false

  /// nil stands for standard output; `own` is what may be written over by whoever keeps it.
  init(_ path: String?, over own: KeptFile? = nil) throws(Problem) {
    do throws(WholeFile.Failure) {
      file = try WholeFile(path, over: own)
    } catch {
      throw Problem("The file \(path ?? "") cannot be written", detail: error.reason)
    }
  }

  func write(_ bytes: [UInt8]) throws(Problem) { try attempt { () throws(WholeFile.Failure) in try file.write(bytes) } }

  /// Writes the rest and puts the file in its place, or in another one of the same folder.
  func finish(as other: String? = nil) throws(Problem) {
    try attempt { () throws(WholeFile.Failure) in try file.finish(as: other) }
  }

  private func attempt(_ body: () throws(WholeFile.Failure) -> Void) throws(Problem) {
    do throws(WholeFile.Failure) {
      try body()
    } catch {
      isClosed = error.isClosedPipe
      throw Problem(
        "\(error.path.map { "The file \($0)" } ?? "Standard output") could not be written whole",
        advice: "Is the disk full?", detail: error.reason)
    }
  }
}
