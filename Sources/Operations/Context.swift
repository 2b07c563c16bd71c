public import Domain

/// A named set of endpoints, and who judges there.
public struct Context: Sendable {
  public var name: String
  /// The deployment service's address.
  public var service: String
  /// The collector; nil where the ledger's enrolment says, or where there is none.
  public var collector: CollectorEndpoint?
  public var analyst: RawText
  public var ledgerPath: String

  public init(name: String, service: String, collector: CollectorEndpoint? = nil, analyst: RawText, ledgerPath: String)
  {
    self.name = name
    self.service = service
    self.collector = collector
    self.analyst = analyst
    self.ledgerPath = ledgerPath
  }

  /// Who judges before a collector knows them.
  public static var localAnalyst: RawText { RawText("unix:\(Machine.user)@\(Machine.host)") }

  /// The ledger of a context where nothing else is said: `$XDG_DATA_HOME/mds/<context>.sqlite`.
  public static func defaultLedger(for context: String) -> String {
    let data = Machine.environment("XDG_DATA_HOME") ?? (Machine.environment("HOME") ?? "/tmp") + "/.local/share"
    return "\(data)/mds/\(context).sqlite"
  }
}
