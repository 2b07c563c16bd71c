internal import FoundationEssentials

/// Where the models are when nobody said.
enum ModelsFolder {
  /// Beside the program, in PREFIX/share/mds/models, or in fixtures/models of a folder above the program.
  static func found(program: String = "/proc/self/exe") -> URL? {
    let executable = URL(filePath: program).resolvingSymlinksInPath()
    let folder = executable.deletingLastPathComponent()
    var candidates = [
      folder.appending(path: "models"), folder.deletingLastPathComponent().appending(path: "share/mds/models"),
      folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "share/mds/models"),
    ]
    var above = folder
    while above.path != "/", !above.path.isEmpty {
      candidates.append(above.appending(path: "fixtures/models"))
      above = above.deletingLastPathComponent()
    }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
