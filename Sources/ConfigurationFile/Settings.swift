/// What a configuration file says; what it leaves out is nil.
public struct Settings: Hashable, Sendable {
  /// When a judgement is committed.
  public enum SaveMoment: String, Hashable, Sendable, CaseIterable {
    /// With `s`, as one event.
    case onKey = "on-key"
    /// With the verdict's key.
    case onVerdict = "on-verdict"
  }

  /// The context to use where none is named.
  public var currentContext: String?
  /// In the order of the file.
  public var contexts: [ContextSettings]
  /// A theme's name.
  public var theme: String?
  /// Draws without lines and blocks.
  public var ascii: Bool?
  /// How many cells the terminal gives to characters of ambiguous width: with 2, drawing is ASCII.
  public var ambiguousWidth: Int?
  /// The handling banner of every context that has none of its own.
  public var banner: String?
  public var save: SaveMoment?
  /// Whether a review queue starts with answers hidden.
  public var blind: Bool?
  public var keys: [KeySetting]

  public init(
    currentContext: String? = nil, contexts: [ContextSettings] = [], theme: String? = nil, ascii: Bool? = nil,
    ambiguousWidth: Int? = nil, banner: String? = nil, save: SaveMoment? = nil, blind: Bool? = nil,
    keys: [KeySetting] = []
  ) {
    self.currentContext = currentContext
    self.contexts = contexts
    self.theme = theme
    self.ascii = ascii
    self.ambiguousWidth = ambiguousWidth
    self.banner = banner
    self.save = save
    self.blind = blind
    self.keys = keys
  }

  /// The context of a name.
  public func context(_ name: String) -> ContextSettings? { contexts.first { $0.name == name } }
}

/// A named set of endpoints, as a file gives it.
public struct ContextSettings: Hashable, Sendable {
  public var name: String
  public var service: EndpointSettings
  public var collector: EndpointSettings?
  /// Who judges, until a collector says so.
  public var analyst: String?
  /// The ledger's file.
  public var ledger: String?
  public var banner: String?
  /// The line that the context begins on.
  public var line: Int

  public init(
    name: String, service: EndpointSettings, collector: EndpointSettings? = nil, analyst: String? = nil,
    ledger: String? = nil, banner: String? = nil, line: Int = 1
  ) {
    self.name = name
    self.service = service
    self.collector = collector
    self.analyst = analyst
    self.ledger = ledger
    self.banner = banner
    self.line = line
  }
}

/// How an endpoint is reached; paths are as written, `~` and all.
public struct EndpointSettings: Hashable, Sendable {
  /// Where a bearer token comes from: the token itself never stands in the file.
  public enum Token: Hashable, Sendable {
    case file(String)
    /// A program and its arguments, run without a shell.
    case command([String])
  }

  public var url: String
  /// Allows plain http to another machine.
  public var isInsecure: Bool
  /// A PEM file of the authorities to trust, in place of the system's.
  public var authority: String?
  /// PEM files that say who we are.
  public var certificate: String?
  public var key: String?
  public var token: Token?

  public init(
    url: String, isInsecure: Bool = false, authority: String? = nil, certificate: String? = nil, key: String? = nil,
    token: Token? = nil
  ) {
    self.url = url
    self.isInsecure = isInsecure
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.token = token
  }
}
