import Alibi
import Domain
import OpenInference
import Testing
import WireFixtures

@Suite("explanations") struct ExplanationTests {
  func explanation(_ name: String, model: ExplainedModel = ExplainedModel()) throws -> Explanation {
    let exchange = try WireExchange.named("mlserver/\(name)")
    let response = try InferenceResponse(decoding: exchange.answer.body)
    return try Explanation(outputs: response.outputs, explainer: ModelID(response.modelName), model: model, latency: 4)
  }

  @Test("Kernel SHAP's shares add up to the logit of each class, with the labels that the model publishes")
  func kernelShap() throws {
    let labels: [RawText] = ["class_0", "class_1", "class_2"]
    let explanation = try explanation("110-explain-kernelshap", model: ExplainedModel(labels: labels))
    guard case .attributions(let attributions) = explanation.content else {
      Issue.record("no attributions")
      return
    }
    #expect(explanation.method == "Kernel SHAP" && explanation.latency == 4)
    #expect(attributions.link == .logit && !attributions.isExact)
    #expect(attributions.classes.map(\.label) == labels)
    #expect(attributions.features.count == 13 && attributions.features[0] == .init(name: "alcohol", value: "11.87"))
    for group in attributions.classes { #expect(try #require(group.gap) < 1e-9) }
  }

  @Test("Tree SHAP of a forest is on the scale of probabilities, its categories by name")
  func treeShap() throws {
    guard case .attributions(let attributions) = try explanation("111-explain-treeshap").content else {
      Issue.record("no attributions")
      return
    }
    #expect(attributions.link == .identity && attributions.isExact)
    #expect(attributions.features.map(\.value) == ["Santos", "chemicals", "intact", "15.7", "13269", "1"])
    #expect(attributions.classes.allSatisfy { ($0.gap ?? 1) < 1e-12 })
  }

  @Test("an anchor on text stands at bytes, not at characters")
  func anchorText() throws {
    let json = """
      {"meta":{"name":"AnchorText"},"data":{"anchor":["wörld"],"precision":NaN,"coverage":1,
       "raw":{"precision":[0.5,0.9],"positions":[6],"instance":"héllö wörld"}}}
      """
    guard case .anchor(let anchor) = try Explanation(alibi: Array(json.utf8), explainer: ModelID("e")).content else {
      Issue.record("no anchor")
      return
    }
    #expect(anchor.predicates == ["wörld"] && anchor.positions == [8] && anchor.steps == [0.5])
    #expect(anchor.precision.isNaN)
  }

  @Test("an anchor on a picture keeps its segments; none is a real answer")
  func anchorImage() throws {
    guard case .anchor(let anchor) = try explanation("113-explain-digits-anchor").content else {
      Issue.record("no anchor")
      return
    }
    #expect(anchor.precision == 1 && anchor.coverage == 1)
    #expect(anchor.segments?.rows == 8 && anchor.segments?.columns == 8 && anchor.segments?.ids.count == 64)
    #expect(anchor.segments?.kept == [])
  }

  @Test("the explain endpoint's plain JSON reads like the wrapped one")
  func customEndpoint() throws {
    let exchange = try WireExchange.named("mlserver/114-explain-custom-endpoint")
    guard case .anchor(let anchor) = try Explanation(alibi: exchange.answer.body, explainer: ModelID("e")).content
    else {
      Issue.record("no anchor")
      return
    }
    #expect(!anchor.predicates.isEmpty)
  }

  @Test("an explainer that no reader knows keeps its JSON")
  func unknown() throws {
    let json = #"{"meta":{"name":"Prototypes"},"data":{"x":[NaN]}}"#
    let explanation = try Explanation(alibi: Array(json.utf8), explainer: ModelID("e"))
    guard case .other(let kept) = explanation.content else {
      Issue.record("not kept")
      return
    }
    #expect(explanation.method == "Prototypes" && kept["data"]?["x"]?[0]?.number?.isNaN == true)
  }

  @Test(
    "an explanation without its parts is refused with the path",
    arguments: [
      ("{", AlibiError.notJSON("a key is missing", offset: 1)),
      (
        #"{"meta":{"name":"TreeShap"},"data":{}}"#, .malformed("data.shap_values", needed: "a list of classes")
      ),
      (
        #"{"meta":{"name":"TreeShap"},"data":{"shap_values":[[[1]]],"expected_value":[1,2]}}"#,
        .malformed("data.expected_value", needed: "one number a class")
      ),
      (
        #"{"meta":{"name":"TreeShap"},"data":{"shap_values":[[[1]],[[1,2]]],"expected_value":[1,2]}}"#,
        .malformed("data.shap_values[1][0]", needed: "one number a feature")
      ),
      (
        #"{"meta":{"name":"TreeShap"},"data":{"shap_values":[[]],"expected_value":[1]}}"#, .noRow(0, count: 0)
      ),
      (#"{"meta":{"name":"AnchorText"},"data":{}}"#, .malformed("data.anchor", needed: "a list of texts")),
    ])
  func refused(json: String, error: AlibiError) {
    #expect(throws: error) { try Explanation(alibi: Array(json.utf8), explainer: ModelID("e")) }
  }

  @Test("what a Tree SHAP explainer writes reads back, row by row: lists, words and pixels")
  func treeShapAnswer() throws {
    let tokens = [
      Attributions.Token(text: "late", start: 0, end: 4), Attributions.Token(text: "invoice", start: 5, end: 12),
    ]
    let layouts: [[Attributions.Layout]] = [
      [], [.tokens(tokens), .tokens([tokens[0]])],
      [.pixels(rows: 1, columns: 3), .pixels(rows: 1, columns: 3)],
    ]
    for layouts in layouts {
      let answer = TreeShapAnswer(
        featureNames: ["late", "invoice", "words not present"], categories: [0: ["x", "y"]], bases: [0.5, -0.5],
        shares: [[[1, 2, 3], [0, 0, 1]], [[-1, -2, -3], [0, 0, -1]]], outputs: [[6.5, -6.5], [1.5, -1.5]],
        instances: [[1, 2, 3], [0, 5, 6]], link: .margin, layouts: layouts)
      for row in 0..<2 {
        let read = try Explanation(outputs: [answer.output], explainer: ModelID("e"), row: row)
        guard case .attributions(let attributions) = read.content else {
          Issue.record("no attributions")
          return
        }
        #expect(attributions.link == .margin && attributions.isExact)
        #expect(attributions.layout == (layouts.isEmpty ? .list : layouts[row]))
        #expect(attributions.classes.map(\.shares) == answer.shares.map { $0[row] })
        #expect(attributions.classes.allSatisfy { $0.gap == 0 })
        #expect(attributions.features[0].value == (row == 0 ? "y" : "x"))
      }
      let importances = answer.json["data"]?["raw"]?["importances"]?["aggregated"]
      #expect(importances?["names"]?.texts == ["words not present", "invoice", "late"])
      #expect(importances?["ranked_effect"]?.numbers == [4, 2, 1])
    }
  }

  @Test("an answer is recognised by its header, else by its outputs")
  func kinds() {
    #expect(AlibiKind(header: "outlier", outputs: ["is_drift"]) == .outlier)
    #expect(AlibiKind(header: nil, outputs: ["is_drift", "p_val"]) == .drift)
    #expect(AlibiKind(header: "other", outputs: ["explanation"]) == .explanation)
    #expect(AlibiKind(header: nil, outputs: ["predict"]) == nil)
  }
}
