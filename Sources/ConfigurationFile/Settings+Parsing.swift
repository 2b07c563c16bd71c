internal import Domain

extension Settings {
  /// The line of a setting by its path, else of the nearest table around it.
  public static func line(of path: [String], in text: String) -> Int { KeyLines(text).line(of: path) }

  /// Reads a configuration file. `vocabulary` is what keys can be given to.
  public init(parsing bytes: [UInt8], vocabulary: KeyVocabulary = [:]) throws(Mistakes) {
    let (settings, mistakes) = try Settings.read(bytes, vocabulary: vocabulary)
    guard mistakes.isEmpty else { throw Mistakes(mistakes) }
    self = settings
  }

  /// What can be read of a configuration file, and every mistake in it. Of what is no TOML nothing can.
  public static func read(
    _ bytes: [UInt8], vocabulary: KeyVocabulary = [:]
  ) throws(Mistakes) -> (settings: Settings, mistakes: [Mistake]) {
    var reader = TableReader(try Document(bytes).root, title: "the file")
    var settings = Settings()
    settings.take(&reader, vocabulary)
    return (settings, reader.finish(others: Settings.others))
  }

  private mutating func take(_ reader: inout TableReader, _ vocabulary: KeyVocabulary) {
    currentContext = reader.string("current-context")
    theme = reader.string("theme")
    ascii = reader.bool("ascii")
    plain = reader.bool("plain")
    restore = reader.bool("restore")
    ambiguousWidth = reader.integer("ambiguous_width", in: 1...2)
    banner = reader.string("banner").flatMap { Settings.line($0, "banner", &reader) }
    if let review = reader.node("review") {
      var reviewing = TableReader(review, title: "[review]")
      save = reviewing.word("save", of: SaveMoment.self)
      blind = reviewing.bool("blind")
      reader.note(reviewing.finish())
    }
    let tables = reader.tables("contexts")
    for (name, node) in tables {
      var context = TableReader(node, title: "[contexts.\(name)]")
      if let settings = ContextSettings(name: name, reading: &context) { contexts.append(settings) }
      reader.note(context.finish(others: ContextSettings.others))
    }
    let (keys, mistakes) = KeySetting.all(in: reader.tables("keys"), vocabulary)
    self.keys = keys
    reader.note(mistakes)
    if let name = currentContext, !tables.contains(where: { $0.name == name }) {
      let names = tables.map(\.name)
      let otherwise =
        names.isEmpty ? "the file has no [contexts.\(name)]" : "there are \(names.joined(separator: ", "))"
      reader.note(
        Mistake(
          line: reader.line(of: "current-context"), what: "there is no context \(quoted(name))",
          advice: TableReader.suggestion(for: name, among: names, or: otherwise)))
    }
  }

  /// Settings of a context that stand at the top by mistake.
  private static let others = [
    "service": "it belongs in a context: [contexts.NAME]", "collector": "it belongs in a context: [contexts.NAME]",
    "context": "contexts are written [contexts.NAME]", "save": "it belongs in [review]",
    "blind": "it belongs in [review]", "token": EndpointSettings.noToken,
  ]

  /// One line of text that is short enough for a row.
  static func line(_ text: String, _ name: String, _ reader: inout TableReader) -> String? {
    guard !text.contains(where: \.isNewline), text.count <= 200 else {
      reader.note(
        Mistake(line: reader.line(of: name), what: "\(name) is to be one line of at most 200 characters"))
      return nil
    }
    return text
  }
}

extension ContextSettings {
  /// Settings of an endpoint that stand in the context by mistake.
  static let others: [String: String] = {
    let endpoint = "it belongs to an endpoint: [contexts.NAME.service] or [contexts.NAME.collector]"
    var others = Dictionary(
      uniqueKeysWithValues: [
        "url", "insecure", "ca", "certificate", "key", "token_file", "token_command", "pins", "proxy", "host",
      ].map { ($0, endpoint) })
    for name in EndpointSettings.secrets { others[name] = EndpointSettings.noToken }
    return others
  }()

  /// Reads `[contexts.NAME]`; nil where something in it is wrong.
  init?(name: String, reading reader: inout TableReader) {
    if let wrong = ContextSettings.wrong(name) { reader.note(Mistake(line: reader.line, what: wrong)) }
    let service = EndpointSettings("service", in: &reader)
    let kind = reader.word("kind", of: ServiceKind.self)
    let collector = EndpointSettings("collector", in: &reader)
    let scheduler = EndpointSettings("scheduler", in: &reader)
    let kubernetes = EndpointSettings("kubernetes", in: &reader)
    let prometheus = EndpointSettings("prometheus", in: &reader)
    let namespace = reader.string("namespace").flatMap { Settings.line($0, "namespace", &reader) }
    let catalogues = reader.oneOrMore("catalogue", example: "\"catalogue.toml\"")
    let allowsLoading = reader.bool("allow_load") ?? false
    let analyst = reader.string("analyst").flatMap { Settings.line($0, "analyst", &reader) }
    let ledger = reader.string("ledger")
    let keepsInputs = reader.word("keep_inputs", of: KeptInputs.self) ?? .full
    let banner = reader.string("banner").flatMap { Settings.line($0, "banner", &reader) }
    let serviceName = reader.string("service_name").flatMap { Settings.line($0, "service_name", &reader) }
    guard let service else {
      if !reader.has("service") {
        reader.note(
          Mistake(
            line: reader.line, what: "\(reader.title) has no service",
            advice: "service = \"https://…\" is its address"))
      }
      return nil
    }
    self.init(
      name: name, service: service, kind: kind, collector: collector, scheduler: scheduler, kubernetes: kubernetes,
      prometheus: prometheus, namespace: namespace, catalogues: catalogues, allowsLoading: allowsLoading,
      analyst: analyst, ledger: ledger, keepsInputs: keepsInputs, banner: banner, serviceName: serviceName,
      line: reader.line)
  }

  /// Why a name cannot be a context's: it names the ledger's file, among others.
  public static func wrong(_ name: String) -> String? {
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
      default: false
      }
    }
    guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix("."), !name.hasPrefix("-") else {
      return "\(quoted(name)) cannot be a context's name: letters, digits, - _ . and at most 64 of them"
    }
    return nil
  }
}
