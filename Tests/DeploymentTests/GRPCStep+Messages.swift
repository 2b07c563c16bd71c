import SwiftProtobuf
import WireFixtures

extension GRPCStep {
  /// Everything that a call gives which goes well.
  static func answers(_ messages: [any SwiftProtobuf.Message]) throws -> [GRPCStep] {
    answers(try messages.map { try $0.serializedBytes() })
  }

  /// A message with its five bytes before it.
  static func framed(_ message: any SwiftProtobuf.Message) throws -> [UInt8] {
    framed(try message.serializedBytes() as [UInt8])
  }
}
