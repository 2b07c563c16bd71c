internal import Deployment
internal import Frames
internal import OpenInference
internal import Terminal

/// What comes in pieces means the same, wherever it is parted.
enum StreamPromise {
  static func eventViolation(in bytes: [UInt8]) -> String? {
    let whole = events([bytes])
    let parted = events(Pieces(bytes: bytes))
    return whole == parted ? nil : "the pieces decide what the events are"
  }

  private static func events(_ pieces: some Sequence<[UInt8]>) -> [ServerSentEvents.Event] {
    var reader = ServerSentEvents(limit: 4096)
    var events: [ServerSentEvents.Event] = []
    for piece in pieces {
      guard let some = try? reader.take(piece) else { break }
      events += some
    }
    return events
  }

  static func frameViolation(in bytes: [UInt8]) -> String? {
    let whole = frames([bytes])
    guard whole == frames(Pieces(bytes: bytes)) else { return "the pieces decide what the messages are" }
    return frames([whole.flatMap { GRPCFrames.framed($0) }]) == whole ? nil : "messages change when they are framed"
  }

  private static func frames(_ pieces: some Sequence<[UInt8]>) -> [[UInt8]] {
    var reader = GRPCFrames(limit: 4096)
    var messages: [[UInt8]] = []
    for piece in pieces {
      reader.append(piece)
      do {
        while let message = try reader.next() { messages.append(message) }
      } catch {
        break
      }
    }
    return messages
  }

  static func keyViolation(in bytes: [UInt8]) -> String? {
    var whole = InputParser()
    var parted = InputParser()
    let inputs = whole.feed(bytes)
    guard inputs == Pieces(bytes: bytes).flatMap({ parted.feed($0) }), whole == parted else {
      return "the pieces decide what the keys are"
    }
    _ = whole.timeout()
    return whole.patience == nil || whole.patience == 5000 ? nil : "something is held after its time"
  }
}
