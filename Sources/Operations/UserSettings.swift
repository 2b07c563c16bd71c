public import ConfigurationFile
public import Domain
internal import Workbench

/// The user's configuration file, read.
public struct UserSettings: Sendable {
  public let path: String
  /// What it says; nil where there is no file.
  public let settings: Settings?

  /// Reads the file; none is no problem, a wrong one is.
  public init(path: String = UserSettings.defaultPath) throws(Problem) {
    self.path = path
    guard Files.exists(path) else {
      settings = nil
      return
    }
    // It names programs that are run, and where credentials go.
    guard let owner = Files.owner(of: path), owner == Machine.account || owner == 0 else {
      throw Problem(
        "\(path) belongs to somebody else, and is not read.", advice: "Only your own file, or root's, is obeyed.",
        kind: .invalidInput)
    }
    do {
      settings = try Settings(parsing: try Files.contents(of: path), vocabulary: UserSettings.vocabulary)
    } catch let mistakes as Mistakes {
      throw UserSettings.problem(mistakes, in: path)
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem("The file \(path) cannot be read")
    }
  }

  /// Settings as if there were no file.
  public static var none: UserSettings { UserSettings(without: defaultPath) }

  private init(without path: String) { self.init(path, nil) }

  private init(_ path: String, _ settings: Settings?) {
    self.path = path
    self.settings = settings
  }

  /// `$XDG_CONFIG_HOME/mds/config.toml`.
  public static var defaultPath: String { Machine.configurationFolder + "/config.toml" }

  /// What keys can be given to.
  public static var vocabulary: KeyVocabulary {
    Dictionary(
      uniqueKeysWithValues: Scope.allCases.map { scope in
        (scope.rawValue, Keymap.standard.bindings(in: scope).map(\.command.rawValue))
      })
  }

  /// A path of the file: `~` is the home folder, any other is beside the file.
  public func located(_ path: String) -> String {
    let expanded = InputFile.expanded(path)
    return expanded.hasPrefix("/") ? expanded : Files.folder(of: self.path) + "/" + expanded
  }

  /// What is wrong with a file, a line each.
  public static func mistakes(in path: String) throws(Problem) -> [String] {
    guard Files.exists(path) else {
      throw Problem(
        "There is no \(path).", advice: "`mds config example` prints a file to begin with.", kind: .invalidInput)
    }
    let bytes = try Files.contents(of: path)
    do throws(Mistakes) {
      let (settings, mistakes) = try Settings.read(bytes, vocabulary: vocabulary)
      return (mistakes + absences(settings, bytes, in: path)).sorted { $0.line < $1.line }.map { $0.text(in: path) }
    } catch {
      return error.all.map { $0.text(in: path) }
    }
  }

  /// What a file names that is not there, or cannot be used: every command that needs it would refuse to start.
  private static func absences(_ settings: Settings, _ bytes: [UInt8], in path: String) -> [Mistake] {
    let text = String(decoding: bytes, as: UTF8.self)
    var mistakes: [Mistake] = []
    func check(_ setting: [String], _ use: () throws(Problem) -> Void) {
      do throws(Problem) {
        try use()
      } catch {
        let what = error.summary.hasSuffix(".") ? String(error.summary.dropLast()) : error.summary
        // Its advice goes on in the same sentence.
        let advice = error.advice.prefix(1).lowercased() + error.advice.dropFirst()
        mistakes.append(Mistake(line: Settings.line(of: setting, in: text), what: what, advice: advice))
      }
    }
    let file = UserSettings(path, settings)
    if let theme = settings.theme { check(["theme"]) { () throws(Problem) in _ = try Themes.theme(theme) } }
    for context in settings.contexts {
      for catalogue in context.catalogues {
        check(["contexts", context.name, "catalogue"]) { () throws(Problem) in
          _ = try Catalogue(files: [file.located(catalogue)])
        }
      }
    }
    return mistakes.sorted { $0.line < $1.line }
  }

  /// The mistakes of a file as one problem: the first in full, the others below.
  public static func problem(_ mistakes: Mistakes, in path: String) -> Problem {
    let lines = mistakes.all.map { $0.text(in: path) }
    return Problem(
      lines[0],
      advice: lines.count > 1 ? "There are \(lines.count) mistakes in it; `mds config check` lists them." : "",
      detail: lines.dropFirst().joined(separator: "\n"), kind: .invalidInput)
  }
}

extension Machine {
  /// `$XDG_CONFIG_HOME/mds`.
  public static var configurationFolder: String { folder("XDG_CONFIG_HOME", "/.config") }
  /// `$XDG_STATE_HOME/mds`.
  static var stateFolder: String { folder("XDG_STATE_HOME", "/.local/state") }
  /// `$XDG_DATA_HOME/mds`.
  public static var dataFolder: String { folder("XDG_DATA_HOME", "/.local/share") }
  /// `$XDG_CACHE_HOME/mds`.
  public static var cacheFolder: String { folder("XDG_CACHE_HOME", "/.cache") }

  /// Whether a folder of these may be made: never a home that is not there.
  static func mayMake(_ variable: String) -> Bool {
    environment(variable)?.hasPrefix("/") == true || home.map(Files.isFolder) == true
  }

  private static func folder(_ variable: String, _ otherwise: String) -> String {
    // A relative path there is to be ignored: XDG Base Directory Specification.
    let set = environment(variable).flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (set ?? (home ?? "/nonexistent") + otherwise) + "/mds"
  }
}
