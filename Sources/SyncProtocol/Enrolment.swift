public import Domain

/// A device's first word to a collector, with its token in the header: `POST /v1/enrol`.
public struct Enrolment: Message {
  /// Who the analyst was in events recorded before, such as `unix:ana@desk`; empty where there are none.
  public var formerAnalyst: RawText
  /// The machine's name, for the researchers' list of devices.
  public var workstation: RawText
  /// Name and version of the program, such as `mds/0.1`.
  public var tool: RawText

  public init(formerAnalyst: RawText, workstation: RawText, tool: RawText) {
    self.formerAnalyst = formerAnalyst
    self.workstation = workstation
    self.tool = tool
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      formerAnalyst: try object.optional("former_analyst", object.text) ?? "",
      workstation: try object.text("workstation"), tool: try object.text("tool"))
  }

  public var json: JSON {
    .object([
      "former_analyst": .string(formerAnalyst), "workstation": .string(workstation), "tool": .string(tool),
    ])
  }
}

/// Who the collector says that the token's bearer is.
public struct Enrolled: Message {
  public var collectorID: RawText
  public var epoch: Int
  /// The analyst that events of this device carry from now on.
  public var analyst: RawText
  /// The device that the token was made for.
  public var device: RawText
  public var scopes: [TokenScope]
  /// What the deployment service is called in the identity of its cases, so that a case is the same at all analysts;
  /// empty where the collector leaves that to them.
  public var service: RawText

  public init(
    collectorID: RawText, epoch: Int, analyst: RawText, device: RawText, scopes: [TokenScope], service: RawText = ""
  ) {
    self.collectorID = collectorID
    self.epoch = epoch
    self.analyst = analyst
    self.device = device
    self.scopes = scopes
    self.service = service
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      collectorID: try object.text("collector_id"), epoch: try object.natural("epoch"),
      analyst: try object.text("analyst"), device: try object.text("device"),
      scopes: try object.texts("scopes").compactMap { TokenScope(rawValue: $0.string) },
      service: try object.optional("service", object.text) ?? "")
  }

  public var json: JSON {
    .object([
      "collector_id": .string(collectorID), "epoch": .count(epoch), "analyst": .string(analyst),
      "device": .string(device), "scopes": .array(scopes.map { .text($0.rawValue) }), "service": .string(service),
    ])
  }
}

/// What a token allows.
public enum TokenScope: String, Hashable, Sendable, CaseIterable {
  /// Sending one's own streams.
  case write
  /// Reading everybody's events.
  case read
}
