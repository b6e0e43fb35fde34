// Keeps a private application's groups and a label as they are wanted, with the HTTP client of Java itself. It does so
// twice; the second time nothing is written. JAVA_TOOL_OPTIONS leads it to the proxy and to the trust store.

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class Chain {
    static final String API = "https://api.zsapi.net";
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static String token;
    static int writes;

    public static void main(String[] arguments) throws Exception {
        var form = Map.of("grant_type", "client_credentials", "client_id", System.getenv("ZSCALER_CLIENT_ID"),
            "client_secret", System.getenv("ZSCALER_CLIENT_SECRET"), "audience", "https://api.zscaler.com");
        var body = form.entrySet().stream()
            .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        var identity = "https://" + System.getenv("ZSCALER_VANITY_DOMAIN") + ".zslogin.net/oauth2/v1/token";
        token = member(send("POST", identity, "application/x-www-form-urlencoded", body), "access_token");

        var groups = API + "/zpa/mgmtconfig/v1/admin/customers/" + System.getenv("ZPA_CUSTOMER_ID") + "/segmentGroup";
        var labels = API + "/zia/api/v1/ruleLabels";
        var kept = new ArrayList<String>();
        for (var text : List.of("first", "first", "second", "second")) {
            var before = writes;
            kept.clear();
            kept.add(keep(groups, "Java harbour", text, ", \"enabled\": true"));
            kept.add(keep(labels, "Java label", text, ""));
            var wanted = before == 0 && text.equals("first") || before == 2 && text.equals("second") ? 2 : 0;
            expect("keep \"" + text + "\" with " + wanted + " writes", writes - before == wanted, writes - before);
        }
        for (var url : kept) {
            call("DELETE", url, null);
        }
        call("POST", API + "/zia/api/v1/status/activate", "{}");
        expect("taken down", !call("GET", labels, null).contains("Java label"), "the label is still there");
    }

    /** The address of the record that has the name, made or changed where it is not as wanted. */
    static String keep(String url, String name, String text, String more) throws Exception {
        var wanted = "{\"name\": \"" + name + "\", \"description\": \"" + text + "\"" + more + "}";
        var held = Pattern.compile("\\{[^{}]*\"name\"\\s*:\\s*\"" + name + "\"[^{}]*").matcher(call("GET", url, null));
        if (!held.find()) {
            return url + "/" + member(call("POST", url, wanted), "id");
        }
        var record = url + "/" + member(held.group(), "id");
        if (!member(call("GET", record, null), "description").equals(text)) {
            call("PUT", record, wanted);
        }
        return record;
    }

    static String call(String method, String url, String body) throws Exception {
        if (!method.equals("GET")) {
            writes++;
        }
        return send(method, url, "application/json", body);
    }

    static String send(String method, String url, String type, String body) throws Exception {
        var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(url)).method(method, publisher).header("Content-Type", type);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            expect(method + " " + url, false, answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1).strip() : "";
    }

    static void expect(String step, boolean holds, Object why) {
        System.out.println((holds ? "ok     " : "FAILED ") + step + (holds ? "" : ": " + why));
        if (!holds) {
            System.exit(1);
        }
    }
}
