public import Domain

/// The first event of a stream: whose it is and where it goes.
public struct StreamStart: Hashable, Sendable {
  /// The collector that may have it; empty for a local stream.
  public var collector: RawText
  /// The machine.
  public var device: RawText

  public init(collector: RawText = "", device: RawText = "") {
    self.collector = collector
    self.device = device
  }
}

extension StreamStart: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(collector: try json.raw("collector"), device: try json.raw("device"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("collector", JSON.raw(collector))
    object.put("device", JSON.raw(device))
    return object.json
  }
}

/// Says that this stream goes on where another was left, because a copy of it exists elsewhere.
public struct StreamFork: Hashable, Sendable {
  public var oldStream: StreamID
  /// The last number that both share.
  public var atSeq: Int
  public var reason: RawText

  public init(oldStream: StreamID, atSeq: Int, reason: RawText) {
    self.oldStream = oldStream
    self.atSeq = atSeq
    self.reason = reason
  }
}

extension StreamFork: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let stream = StreamID(hex: try json.raw("old_stream").string) else {
      throw EventBodyError("old_stream is no stream")
    }
    self.init(oldStream: stream, atSeq: try json.requiredInt("at_seq"), reason: try json.raw("reason"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("old_stream", RawText(oldStream.hex))
    object.put("at_seq", atSeq)
    object.put("reason", JSON.raw(reason))
    return object.json
  }
}

/// A run of the program begins.
public struct SessionStart: Hashable, Sendable {
  /// The machine, the terminal and the system in words; empty where not known.
  public var host: RawText
  public var terminal: RawText
  public var system: RawText
  public var isRemote: Bool

  public init(host: RawText = "", terminal: RawText = "", system: RawText = "", isRemote: Bool = false) {
    self.host = host
    self.terminal = terminal
    self.system = system
    self.isRemote = isRemote
  }
}

extension SessionStart: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      host: try json.raw("host"), terminal: try json.raw("terminal"), system: try json.raw("system"),
      isRemote: try json.optionalBool("ssh") ?? false)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("host", JSON.raw(host))
    object.put("terminal", JSON.raw(terminal))
    object.put("system", JSON.raw(system))
    object.put("ssh", isRemote)
    return object.json
  }
}
