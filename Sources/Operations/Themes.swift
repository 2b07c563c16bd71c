public import ConfigurationFile
public import Domain
public import Workbench

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

  /// Every theme as it can be chosen, in the order of names; without the user's own where they are not to be read. Of one
  /// name the user's own stands before the others.
  public static func choices(withOwn: Bool = true) -> [ThemeChoice] {
    let own = withOwn ? files(in: userFolder) : []
    let built = ThemeFile.builtIn.map(\.name)
    let installed = shippedFolder.map { files(in: $0) } ?? []
    return Set(own + built + installed).sorted().map { name in
      choice(name, own.contains(name) ? .own : built.contains(name) ? .builtIn : .installed)
    }
  }

  /// The theme of the user's folder with a name, as its file is now.
  static func own(_ name: String) -> ThemeChoice { choice(name, .own) }

  private static func choice(_ name: String, _ origin: ThemeChoice.Origin) -> ThemeChoice {
    do throws(Problem) {
      let file = try file(name, origin)
      return ThemeChoice(name: name, origin: origin, summary: file.summary, theme: file.theme)
    } catch {
      return ThemeChoice(name: name, origin: origin, theme: nil, problem: error)
    }
  }

  private static func file(_ name: String, _ origin: ThemeChoice.Origin) throws(Problem) -> ThemeFile {
    if let folder = origin == .own ? userFolder : shippedFolder, Files.exists("\(folder)/\(name).toml") {
      // The file of a theme that is built in says the same, and has a summary.
      return try read("\(folder)/\(name).toml", name)
    }
    return try theme(name)
  }

  /// Where the file of a theme is; nil for one that needs none.
  public static func path(of choice: ThemeChoice) -> String? {
    switch choice.origin {
    case .own: "\(userFolder)/\(choice.name).toml"
    case .installed: shippedFolder.map { "\($0)/\(choice.name).toml" }
    case .builtIn: nil
    }
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
