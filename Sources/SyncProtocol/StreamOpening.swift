public import Domain
public import Feedback

/// Tells the collector of a stream before its first event: `POST /v1/streams`. Saying it twice changes nothing.
public struct StreamOpening: Message {
  public var stream: StreamID
  public var workstation: RawText
  public var tool: RawText

  public init(stream: StreamID, workstation: RawText, tool: RawText) {
    self.stream = stream
    self.workstation = workstation
    self.tool = tool
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      stream: try object.stream("stream"), workstation: try object.text("workstation"), tool: try object.text("tool"))
  }

  public var json: JSON {
    .object([
      "stream": .hexadecimal(stream.bytes), "workstation": .string(workstation), "tool": .string(tool),
    ])
  }
}

/// What the collector holds of a stream: `GET /v1/streams/{id}/head`, and the answer to an opening.
public struct StreamHead: Message {
  public var epoch: Int
  /// The last event it holds, durably.
  public var head: Position
  /// The last event that is in a backup too.
  public var safe: Position

  public init(epoch: Int, head: Position, safe: Position) {
    self.epoch = epoch
    self.head = head
    self.safe = safe
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      epoch: try object.natural("epoch"), head: try object.position("head"), safe: try object.position("safe"))
  }

  public var json: JSON { .object(["epoch": .count(epoch), "head": head.wire, "safe": safe.wire]) }
}

/// The collector's hashes at the places that were asked for, as far as its stream goes:
/// `GET /v1/streams/{id}/hashes?at=1,64,128`. The search for the last event that both sides share reads these.
public struct StreamHashes: Message {
  /// The most places that one question may name.
  public static let limit = 64

  public var epoch: Int
  public var head: Position
  public var hashes: [Position]

  public init(epoch: Int, head: Position, hashes: [Position]) {
    self.epoch = epoch
    self.head = head
    self.hashes = hashes
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    var hashes: [Position] = []
    for position in try object.objects("hashes") { hashes.append(try Position(wire: position)) }
    self.init(epoch: try object.natural("epoch"), head: try object.position("head"), hashes: hashes)
  }

  public var json: JSON {
    .object(["epoch": .count(epoch), "head": head.wire, "hashes": .array(hashes.map(\.wire))])
  }
}
