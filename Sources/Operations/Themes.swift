public import ConfigurationFile
public import Domain

/// The themes that can be chosen: the user's own, those built in, those that are installed.
public enum Themes {
  /// `$XDG_CONFIG_HOME/mds/themes`.
  public static var userFolder: String { Machine.configurationFolder + "/themes" }

  /// The names of all, in order.
  public static var names: [String] {
    let built = ThemeFile.builtIn.map(\.name)
    return Set(built + files(in: userFolder) + (shippedFolder.map { files(in: $0) } ?? [])).sorted()
  }

  /// The names of the user's own.
  public static var userNames: [String] { files(in: userFolder).sorted() }

  /// A theme by its name; the user's own stands before any other.
  public static func theme(_ name: String) throws(Problem) -> ThemeFile {
    guard ContextSettings.wrong(name) == nil else { throw unknown(name) }
    let own = "\(userFolder)/\(name).toml"
    if Files.exists(own) { return try read(own, name) }
    if let theme = ThemeFile.builtIn.first(where: { $0.name == name }) { return theme }
    if let shipped = shippedFolder.map({ "\($0)/\(name).toml" }), Files.exists(shipped) {
      return try read(shipped, name)
    }
    throw unknown(name)
  }

  /// Reads a theme's file; the first mistake says its line.
  public static func read(_ path: String, _ name: String) throws(Problem) -> ThemeFile {
    let bytes = try Files.contents(of: path)
    do throws(Mistakes) {
      return try ThemeFile(parsing: bytes, name: name)
    } catch {
      throw UserSettings.problem(error, in: path)
    }
  }

  private static func unknown(_ name: String) -> Problem {
    Problem(
      "There is no theme \(name).",
      advice: EditDistance.nearest(to: name, in: names).map { "Did you mean \($0)?" }
        ?? "There are \(names.joined(separator: ", ")).", kind: .invalidInput)
  }

  /// PREFIX/share/mds/themes, or the themes of a working copy.
  private static var shippedFolder: String? {
    var folder = Files.folder(of: Files.executable)
    while folder != "/" {
      for place in ["\(folder)/share/mds/themes", "\(folder)/themes"] where Files.exists(place + "/default.toml") {
        return place
      }
      folder = Files.folder(of: folder)
    }
    return nil
  }

  private static func files(in folder: String) -> [String] {
    Files.names(in: folder).filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
  }
}
