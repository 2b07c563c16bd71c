internal import Domain

extension Settings {
  /// The text of a file with another current context; comments and all else stay as they are.
  public static func text(_ text: String, choosing name: String) -> String {
    let mark = text.hasPrefix("\u{FEFF}") ? "\u{FEFF}" : ""
    let text = String(text.dropFirst(mark.count))
    let places = KeyLines(text)
    let setting = "current-context = \"\(name)\""
    guard let line = places[["current-context"]] ?? places[["current_context"]] else {
      return mark + setting + "\n" + text
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[line - 1] = setting + comment(in: lines[line - 1])
    return mark + lines.joined(separator: "\n")
  }

  /// The text of a file with another theme; comments and all else stay as they are.
  public static func text(_ text: String, theme name: String) -> String {
    let mark = text.hasPrefix("\u{FEFF}") ? "\u{FEFF}" : ""
    let text = String(text.dropFirst(mark.count))
    let setting = "theme = \(TOMLText.quoted(name))"
    guard let line = KeyLines(text)[["theme"]] else { return mark + setting + "\n" + text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[line - 1] = setting + comment(in: lines[line - 1])
    return mark + lines.joined(separator: "\n")
  }

  /// The text of a file with a text setting in a context's own table: in the place of the one that is there, else
  /// below the table's header; as it is where the context has no such table.
  public static func text(_ text: String, setting name: String, to value: String, in context: String) -> String {
    let places = KeyLines(text)
    guard let line = places[["contexts", context]] else { return text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let old = places[["contexts", context, name]] {
      lines[old - 1] = "\(name) = \(TOMLText.quoted(value))" + comment(in: lines[old - 1])
      return lines.joined(separator: "\n")
    }
    guard lines[line - 1].hasPrefix("[") else { return text }
    lines.insert("\(name) = \(TOMLText.quoted(value))", at: line)
    return lines.joined(separator: "\n")
  }

  /// The text of a file with one more context at its end; all else stays as it is.
  public static func text(_ text: String, adding context: ContextSettings) -> String {
    let gap = text.isEmpty ? "" : text.hasSuffix("\n\n") ? "" : text.hasSuffix("\n") ? "\n" : "\n\n"
    return text + gap + context.text
  }

  /// The text of a file with one more endpoint of a context, in a table of its own at the end.
  public static func text(
    _ text: String, adding endpoint: EndpointSettings, as name: String, to context: String
  ) -> String {
    text + (text.hasSuffix("\n") ? "\n" : "\n\n") + endpoint.text(as: name, of: context)
  }

  /// The comment behind a quoted value, with the space before it.
  private static func comment(in line: String) -> String {
    let parts = line.split(separator: "=", maxSplits: 1)
    guard let value = parts.last?.drop(while: { $0 == " " || $0 == "\t" }), let quote = value.first,
      quote == "\"" || quote == "'"
    else { return "" }
    let rest = value.dropFirst().drop { $0 != quote }.dropFirst()
    return rest.contains("#") ? String(rest) : ""
  }
}

extension ContextSettings {
  /// The context as it stands in a file.
  fileprivate var text: String {
    let table = "[contexts.\(TOMLText.key(name))]\n"
    var settings: [String] = []
    if let kind { settings.append("kind = " + TOMLText.quoted(kind.rawValue)) }
    if let namespace { settings.append("namespace = " + TOMLText.quoted(namespace)) }
    if !catalogues.isEmpty { settings.append("catalogue = " + TOMLText.list(catalogues)) }
    if allowsLoading { settings.append("allow_load = true") }
    if let analyst { settings.append("analyst = " + TOMLText.quoted(analyst)) }
    if let ledger { settings.append("ledger = " + TOMLText.quoted(ledger)) }
    if keepsInputs != .full { settings.append("keep_inputs = " + TOMLText.quoted(keepsInputs.rawValue)) }
    if let banner { settings.append("banner = " + TOMLText.quoted(banner)) }
    if let serviceName { settings.append("service_name = " + TOMLText.quoted(serviceName)) }
    let endpoints = [("service", service)] + otherEndpoints.map { ($0.name, $0.endpoint) }
    // Those that are an address only stand in the context's own table, which has to come before the others.
    settings += endpoints.filter(\.1.isPlain).map { "\($0.0) = " + TOMLText.quoted($0.1.url) }
    return
      ([table + settings.map { $0 + "\n" }.joined()]
      + endpoints.filter { !$0.1.isPlain }.map { $0.1.text(as: $0.0, of: name) }).joined(separator: "\n")
  }
}

extension EndpointSettings {
  fileprivate var isPlain: Bool { self == EndpointSettings(url: url) }

  fileprivate func text(as name: String, of context: String) -> String {
    var lines = ["[contexts.\(TOMLText.key(context)).\(name)]", "url = " + TOMLText.quoted(url)]
    if isInsecure { lines.append("insecure = true") }
    if let authority { lines.append("ca = " + TOMLText.quoted(authority)) }
    if let certificate { lines.append("certificate = " + TOMLText.quoted(certificate)) }
    if let key { lines.append("key = " + TOMLText.quoted(key)) }
    switch token {
    case .file(let path): lines.append("token_file = " + TOMLText.quoted(path))
    case .command(let words): lines.append("token_command = " + TOMLText.list(words))
    case nil: break
    }
    if !pins.isEmpty { lines.append("pins = " + TOMLText.list(pins)) }
    if let proxy { lines.append("proxy = " + TOMLText.quoted(proxy)) }
    if let host { lines.append("host = " + TOMLText.quoted(host)) }
    return lines.map { $0 + "\n" }.joined()
  }
}
