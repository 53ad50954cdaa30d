// What a reader's eye would stumble on; types are checked by tsc.
import globals from "globals";
import js from "@eslint/js";

export default [
  js.configs.recommended,
  { ignores: ["**/node_modules/**", "**/*.mjs"] },
  {
    files: ["lib/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: { ...globals.browser, ...globals.worker, VideoDecoder: "readonly", EncodedVideoChunk: "readonly" } },
    rules: {
      eqeqeq: "error", "no-var": "error", "prefer-const": ["error", { destructuring: "all" }], "no-implicit-coercion": "error", "no-shadow": "error", "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, variables: false, classes: false }], "object-shorthand": "error", "prefer-template": "error", "prefer-arrow-callback": "error",
      "no-return-assign": "off", "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error", "no-script-url": "error", "no-control-regex": "off",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Make elements instead." }, { property: "outerHTML", message: "Make elements instead." }, { object: "document", property: "write" }],
    },
  },
  { files: ["**/*.test.js"], languageOptions: { globals: globals.node } },
];
