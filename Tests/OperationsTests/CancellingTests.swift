import Domain
import Frames
import Glibc
import Synchronization
import Testing
import WireFixtures
import Workbench

@Suite("Cancelling", .timeLimit(.minutes(1)))
struct CancellingTests {
  /// What a server may do with a request that it does not answer.
  enum Behaviour: String, CaseIterable, CustomTestStringConvertible {
    case saysNothing = "says nothing"
    case stopsInTheHead = "stops in the head"
    case stopsInTheBody = "stops in the body"
    case drips = "sends a byte now and then"
    case floods = "sends without an end"

    var testDescription: String { rawValue }

    func act(_ send: ([UInt8]) -> Bool) -> Bool {
      switch self {
      case .saysNothing: return true
      case .stopsInTheHead: return send(Array("HTTP/1.1 200 OK\r\nX-".utf8))
      case .stopsInTheBody: return send(Self.head + [0x7B])
      case .drips:
        guard send(Self.head) else { return false }
        while send([0x20]) { usleep(2000) }
        return false
      case .floods:
        guard send(Self.head) else { return false }
        while send([UInt8](repeating: 0x20, count: 65_536)) {}
        return false
      }
    }

    private static let head = Array(
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 900000000000\r\n\r\n".utf8)
  }

  @Test(
    "Cancelling a request frees the screen at once whatever the server does",
    arguments: Behaviour.allCases, ["x", "s"])
  func frees(behaviour: Behaviour, key: String) async throws {
    let asked = Mutex(0)
    try await StubService.withBench { _, send in
      asked.withLock { $0 += 1 }
      return behaviour.act(send)
    } _: { bench, server in
      bench.type(key)
      #expect(bench.state.infer?.answer.isLoading == true)
      while asked.withLock({ $0 }) == 0 { await Task.yield() }
      bench.take()
      // A flood is over by itself: it is larger than what is read.
      guard bench.state.infer?.answer.isLoading == true else { return }

      bench.press(.escape)
      // Nothing was waited for: the screen is free with the key itself.
      #expect(bench.state.infer?.answer.isLoading == false)
      #expect(bench.screen.contains("Stopped waiting") && bench.screen.contains("the service may still work on it"))
      // The connection goes with the request; looked at before another screen asks for something.
      await bench.wait { _ in server.connectionsInUse == 0 }
      let order = bench.state.infer?.order
      bench.type("gm")
      #expect(bench.state.place == .models)

      // Nothing comes of it later.
      bench.take()
      #expect(bench.state.infer?.order == order && bench.state.infer?.answer == .idle)
      #expect(bench.state.toast == nil)
      #expect(bench.state.lastProblem == nil)
    }
  }

  @Test("a bad answer is a problem on the screen, and the next request works", arguments: ["x", "s"])
  func goesOn(key: String) async throws {
    let isFirst = Mutex(true)
    try await StubService.withBench { _, send in
      let isBad = isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst
      }
      return send(isBad ? ScriptedServer.response(#"{"model_name":"words","outputs":[{"na"#) : StubService.answer)
    } _: { bench, _ in
      bench.type(key)
      await bench.wait { $0.state.infer?.answer.problem != nil }
      #expect(bench.screen.contains("✗ The answer of words cannot be read"), "\(bench.screen)")
      bench.type("gl")
      #expect(bench.screen.contains("no JSON"), "\(bench.screen)")
      bench.press(.escape)
      bench.type(key)
      await bench.wait { $0.state.infer?.answer.isLoading == false }
      #expect(bench.state.infer?.answer.value?.prediction.label == "fine")
      #expect(bench.screen.contains("fine"), "\(bench.screen)")
    }
  }
}
