import Foundation
import Frames
import PtyTesting
import Synchronization
import Testing
import WireFixtures

@Suite("A service that takes long")
struct SlowServiceTests {
  @Test("to describe its models shows which there are before it has described any")
  func namesFirst() throws {
    let answers = Mutex(false)
    let service = try ScriptedServer(script: { request, send in
      if request.line.contains("/repository/index") {
        let models = (1...3).map { #"{"name":"slow-\#($0)","version":"1","state":"READY","reason":""}"# }
        return send(ScriptedServer.response("[\(models.joined(separator: ","))]"))
      }
      // No description comes before the names were on screen.
      while !answers.withLock({ $0 }) { usleep(5000) }
      return send(
        ScriptedServer.response(
          #"{"name":"m","platform":"p","inputs":[{"name":"x","datatype":"FP32","shape":[-1,1]}],"outputs":[]}"#))
    })
    defer {
      answers.withLock { $0 = true }
      service.close()
    }
    try CommandHome.alone { home in
      try home.configure(service.base)
      let terminal = try Pty(Paths.mds, ["open", "--fresh"], environment: home.environment)
      let named = try terminal.expect("slow-3")
      #expect(named.contains("slow-1"))
      // It has answered, so it is there.
      try terminal.expect("● online")
      answers.withLock { $0 = true }
      try terminal.expect("Ready")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
    }
  }
}
