public import ConfigurationFile
public import Domain
internal import FileOutput
internal import Glibc

extension UserSettings {
  /// Makes a file that was given the user's configuration, where there is none yet and nothing is wrong with it.
  public static func take(over path: String) throws(Problem) {
    let path = InputFile.expanded(path)
    guard !Files.exists(defaultPath) else {
      throw Problem("There is a \(defaultPath) already.", advice: "Nothing was changed.", kind: .invalidInput)
    }
    let bytes = try Files.contents(of: path)
    guard let settings = try UserSettings(path: path).settings, !settings.contexts.isEmpty else {
      throw Problem("\(path) has no context in it.", advice: "Ask the researchers for one.", kind: .invalidInput)
    }
    try Files.makeFolder(Files.folder(of: defaultPath))
    try Files.write(bytes, to: defaultPath, over: .configuration)
    // What it names beside itself has to be beside it there.
    let mistakes = try mistakes(in: defaultPath)
    guard let first = mistakes.first else { return }
    unlink(defaultPath)
    let more = mistakes.count > 1 ? ", and \(mistakes.count - 1) more" : ""
    throw Problem(first + more, advice: "Files that it names stand beside it.", kind: .invalidInput)
  }

  /// Makes a context the one that is used where none is named; all else in the file stays as it is.
  public func use(_ name: String) throws(Problem) {
    guard let settings else {
      throw Problem(
        "There is no \(path).", advice: "`mds config example` prints a file to begin with.", kind: .invalidInput)
    }
    let names = settings.contexts.map(\.name)
    guard names.contains(name) else { throw noContext(name, among: names) }
    try change("Write current-context = \"\(name)\" by hand.") {
      Settings.text($0, choosing: name)
    } check: {
      $0.currentContext == name && $0.contexts.map(\.name) == names
    }
  }

  /// Makes a theme the one that every start uses; all else in the file stays as it is, and a file is made where there is
  /// none.
  public func use(theme name: String) throws(Problem) {
    _ = try Themes.theme(name)
    try change("Write theme = \(TOMLText.quoted(name)) by hand.") {
      Settings.text($0, theme: name)
    } check: {
      $0.theme == name
    }
  }

  /// Adds a context and makes it the current one. One of the same service is kept as it is, unless it is to have
  /// another name. `suggestions` are names to take where none is given; a number follows where they are taken.
  public func add(
    _ context: ContextSettings, named name: String?, suggesting suggestions: [String] = []
  ) throws(Problem) -> (name: String, wasKnown: Bool) {
    let contexts = settings?.contexts ?? []
    if let known = contexts.first(where: { $0.service == context.service && (name == nil || name == $0.name) }) {
      try use(known.name)
      return (known.name, true)
    }
    var context = context
    if let name {
      if let wrong = ContextSettings.wrong(name) { throw Problem(wrong, kind: .invalidInput) }
      guard !contexts.contains(where: { $0.name == name }) else {
        throw Problem(
          "There is a context \(name) of another service in \(path).", advice: "Take another --name.",
          kind: .invalidInput)
      }
      context.name = name
    } else {
      context.name = UserSettings.free(suggestions, among: contexts.map(\.name))
    }
    let written = context
    let names = contexts.map(\.name) + [written.name]
    try change("`mds config example` shows how a context is written.") { old in
      Settings.text(Settings.text(old, adding: written), choosing: written.name)
    } check: { new in
      var read = new.context(written.name)
      read?.line = written.line
      return read == written && new.contexts.map(\.name) == names && new.currentContext == written.name
    }
    return (written.name, false)
  }

  /// Adds an endpoint to a context: the one named, else the current one; with a namespace where the context has none.
  public func add(
    _ endpoint: EndpointSettings, as setting: String, to name: String?, namespace: String? = nil
  ) throws(Problem) -> (name: String, wasKnown: Bool) {
    let contexts = settings?.contexts ?? []
    let only = contexts.count == 1 ? contexts[0].name : nil
    guard let name = name ?? settings?.currentContext ?? only, let context = settings?.context(name) else {
      if let name, !contexts.isEmpty { throw noContext(name, among: contexts.map(\.name)) }
      throw Problem(
        "There is no context yet that the \(setting) could belong to.",
        advice: "Connect the deployment service first: mds connect URL.", kind: .invalidInput)
    }
    if let known = context.otherEndpoints.first(where: { $0.name == setting })?.endpoint {
      if known == endpoint { return (name, true) }
      throw Problem(
        "The context \(name) has another \(setting) already: \(known.url).",
        advice: "Change it in \(path), or name another context with --name.", kind: .invalidInput)
    }
    // A namespace that is there stays.
    let wanted = context.namespace == nil ? namespace : nil
    try change("Write [contexts.\(name).\(setting)] by hand.") { old in
      let text = wanted.map { Settings.text(old, setting: "namespace", to: $0, in: name) } ?? old
      return Settings.text(text, adding: endpoint, as: setting, to: name)
    } check: {
      $0.context(name)?.otherEndpoints.contains { $0.name == setting && $0.endpoint == endpoint } == true
    }
    return (name, false)
  }

  /// Writes the file as it is: what can be written now can be changed in a moment.
  func requireWritable() throws(Problem) {
    try Files.write(try Files.contents(of: path), to: path, over: .configuration)
  }

  /// Names a context's ledger.
  func setLedger(_ ledger: String, of name: String) throws(Problem) {
    try change("Write ledger = \(TOMLText.quoted(ledger)) into [contexts.\(name)] by hand.") {
      Settings.text($0, setting: "ledger", to: ledger, in: name)
    } check: {
      $0.context(name)?.ledger == ledger
    }
  }

  /// That the file has no context of a name; the nearest that it has helps.
  func noContext(_ name: String, among names: [String]) -> Problem {
    Problem(
      "There is no context \(name) in \(path).",
      advice: EditDistance.nearest(to: name, in: names).map { "Did you mean \($0)?" }
        ?? "There \(names.count == 1 ? "is" : "are") \(names.joined(separator: ", ")).", kind: .invalidInput)
  }

  /// Writes the file anew, once the new text reads as it should.
  private func change(
    _ otherwise: String, _ edit: (String) -> String, check: (Settings) -> Bool
  ) throws(Problem) {
    let old = settings == nil ? "" : String(decoding: try Files.contents(of: path), as: UTF8.self)
    let new = edit(old)
    guard let read = try? Settings(parsing: Array(new.utf8), vocabulary: UserSettings.vocabulary), check(read) else {
      throw Problem("\(path) could not be changed.", advice: otherwise)
    }
    try Files.makeFolder(Files.folder(of: path))
    try Files.write(Array(new.utf8), to: path, over: .configuration)
  }

  /// A name made of the first suggestion that leaves any letter.
  private static func free(_ suggestions: [String], among names: [String]) -> String {
    let plain = suggestions.map { text in
      String(text.unicodeScalars.filter { ContextSettings.wrong("a\($0)") == nil }.map(Character.init).prefix(48))
    }
    let base = plain.first { ContextSettings.wrong($0) == nil } ?? "service"
    if !names.contains(base) { return base }
    return (2...).lazy.map { "\(base)-\($0)" }.first { !names.contains($0) } ?? base
  }
}
