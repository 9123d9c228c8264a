// Generated from GET /v1/openapi.json by `npm run types`; do not edit it by hand.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page for people */
        get: operations["get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters in Prometheus' text form */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/populate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds or replaces proxies */
        post: operations["postPopulate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/proxies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All proxies with their toxics, by name */
        get: operations["getProxies"];
        put?: never;
        /** Adds a proxy */
        post: operations["postProxies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/proxies/{proxy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A proxy */
        get: operations["getProxiesProxy"];
        put?: never;
        /** Changes a proxy */
        post: operations["postProxiesProxy"];
        /** Removes a proxy */
        delete: operations["deleteProxiesProxy"];
        options?: never;
        head?: never;
        /** Changes a proxy */
        patch: operations["patchProxiesProxy"];
        trace?: never;
    };
    "/proxies/{proxy}/toxics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The toxics of a proxy */
        get: operations["getProxiesProxyToxics"];
        put?: never;
        /** Adds a toxic */
        post: operations["postProxiesProxyToxics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/proxies/{proxy}/toxics/{toxic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A toxic */
        get: operations["getProxiesProxyToxicsToxic"];
        put?: never;
        /** Changes a toxic */
        post: operations["postProxiesProxyToxicsToxic"];
        /** Removes a toxic */
        delete: operations["deleteProxiesProxyToxicsToxic"];
        options?: never;
        head?: never;
        /** Changes a toxic */
        patch: operations["patchProxiesProxyToxicsToxic"];
        trace?: never;
    };
    "/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enables all proxies and removes all toxics */
        post: operations["postReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What serves here */
        get: operations["getV1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getV1OpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All sessions */
        get: operations["getV1Sessions"];
        put?: never;
        /** Begins a session */
        post: operations["postV1Sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session with its proxies; counts as a heartbeat */
        get: operations["getV1SessionsSession"];
        put?: never;
        post?: never;
        /** Ends a session, and all that is in it */
        delete: operations["deleteV1SessionsSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plays a client that connects through a proxy, in the words of [[client]] */
        post: operations["postV1SessionsSessionClients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What has happened after a cursor; waits for a moment, or follows as Server-Sent Events (Accept: text/event-stream) */
        get: operations["getV1SessionsSessionEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/expect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Waits until an expectation, in the words of [[expect]], is decided; `proxy` and `timeout` (30s) are the request's own */
        post: operations["postV1SessionsSessionExpect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The faults of a session */
        get: operations["getV1SessionsSessionFaults"];
        put?: never;
        /** Injects a fault, in the words of [[fault]]; `at` names the proxy */
        post: operations["postV1SessionsSessionFaults"];
        /** Heals all faults */
        delete: operations["deleteV1SessionsSessionFaults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/faults/{fault}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A fault, and what became of it */
        get: operations["getV1SessionsSessionFaultsFault"];
        put?: never;
        post?: never;
        /** Heals a fault */
        delete: operations["deleteV1SessionsSessionFaultsFault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a session last for another `ttl` */
        post: operations["postV1SessionsSessionHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/marks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a mark: the moment of faults whose `when` is "mark NAME" */
        post: operations["postV1SessionsSessionMarks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/proxies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The proxies of a session */
        get: operations["getV1SessionsSessionProxies"];
        put?: never;
        /** Adds a proxy, with its faults */
        post: operations["postV1SessionsSessionProxies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/proxies/{proxy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A proxy */
        get: operations["getV1SessionsSessionProxiesProxy"];
        put?: never;
        post?: never;
        /** Removes a proxy, and ends its connections */
        delete: operations["deleteV1SessionsSessionProxiesProxy"];
        options?: never;
        head?: never;
        /** Enables or disables a proxy, or lets it listen or pass on elsewhere */
        patch: operations["patchV1SessionsSessionProxiesProxy"];
        trace?: never;
    };
    "/v1/sessions/{session}/proxies/{proxy}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open connections of a proxy */
        get: operations["getV1SessionsSessionProxiesProxyConnections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/proxies/{proxy}/connections/{number}/{act}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Does something to a connection at once: close, reset, fin, freeze, send, ping */
        post: operations["postV1SessionsSessionProxiesProxyConnectionsNumberAct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds what the system under test saw: docs/scenarios.md, Reports */
        post: operations["postV1SessionsSessionReports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The judgement of what has happened so far, as `wsfault run --json` prints it: a case for each proxy */
        get: operations["getV1SessionsSessionVerdict"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The version of Toxiproxy whose API this is */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description attributes of the fault that does it: code, reason, payload, direction … (docs/faults.md) */
        Act: Record<string, unknown>;
        Client: {
            count: number;
            name: string;
            proxy: string;
        };
        Connection: {
            age_ms: number;
            bytes_from_client: number;
            bytes_from_server: number;
            client: string;
            number: number;
            open: boolean;
        };
        Connections: {
            connections: components["schemas"]["Connection"][];
        };
        /** @description an event of the log (docs/results.md), with its cursor and proxy */
        Event: {
            /** @description nanoseconds since the proxy was made */
            at: number;
            connection?: number;
            cursor: number;
            proxy?: string;
            type: string;
        };
        Events: {
            /** @description the moment of `until` came; null: none was asked for */
            came: boolean | null;
            /** @description to be the next `after` */
            cursor: number;
            /** @description the session has ended, or the program stops: this was the last of it */
            ended: boolean;
            events: components["schemas"]["Event"][];
            /** @description events that were dropped before they were read */
            lost: number;
        };
        /** @description the data of each is an Event; of one named `lost` {"lost": NUMBER}, of the last, `ended`, {"ended": true} */
        EventStream: string;
        Fault: {
            connections: string;
            /** @description how often */
            fired: number;
            inject: string;
            name: string;
            proxy: string;
            /** @enum {string} */
            state: "armed" | "fired" | "healed";
            /** @description as it was asked for */
            stated?: Record<string, unknown>;
            /** @description "now", or its moment */
            when: string;
        };
        Faults: {
            faults: components["schemas"]["Fault"][];
        };
        Finding: {
            at?: number;
            broke?: string;
            cause?: string;
            connection?: number;
            expected: string;
            remedy?: string;
            seen: string;
            /** @enum {string} */
            state: "pending" | "holds" | "warned" | "violated" | "inconclusive";
            subject: string;
        };
        Index: {
            openapi: string;
            seed: string;
            sessions: string;
            version: string;
        };
        Mark: {
            name: string;
            proxy?: string;
        };
        NewClient: {
            count?: number;
            name?: string;
            proxy?: string;
            request?: Record<string, unknown>;
            start?: components["schemas"]["scenario.moment"];
            steps?: components["schemas"]["scenario.steps"];
        };
        NewExpectation: Record<string, unknown>;
        NewFault: components["schemas"]["scenario.fault"];
        NewProxy: {
            /** @default true */
            enabled?: boolean;
            faults?: components["schemas"]["NewFault"][];
            /** @default 127.0.0.1:0 */
            listen?: string;
            name: string;
            upstream: string | Record<string, unknown>;
        };
        NewSession: {
            id?: string;
            /**
             * @default client
             * @enum {string}
             */
            role?: "client" | "server";
            seed?: number;
            /** @description its name in verdicts */
            system?: string;
            /** @description docs/scenarios.md, System files and traits */
            traits?: Record<string, unknown>;
            /**
             * @description how long it lasts after the last heartbeat: 1s to 24h
             * @default 5m
             */
            ttl?: string;
        };
        NewToxiproxyProxy: {
            enabled?: boolean;
            listen?: string;
            name: string;
            upstream: string;
        };
        NewToxiproxyToxic: {
            attributes?: Record<string, unknown>;
            name?: string;
            stream?: string;
            toxicity?: number;
            type: string;
        };
        OpenApi: Record<string, unknown>;
        Page: string;
        /** @description RFC 9457 */
        Problem: {
            detail: string;
            errors?: {
                detail: string;
                /** @description what is allowed, or the nearest name */
                hint?: string;
                /** @description RFC 6901: the place in the body */
                pointer: string;
            }[];
            hint?: string;
            status: number;
            title: string;
        };
        Proxies: {
            proxies: components["schemas"]["Proxy"][];
        };
        Proxy: {
            /** @description that are open */
            connections: number;
            enabled: boolean;
            faults: components["schemas"]["Fault"][];
            host: string;
            listen: string;
            name: string;
            port: number;
            upstream: string | null;
            url: string;
        };
        ProxyChange: {
            enabled?: boolean;
            listen?: string;
            upstream?: string;
        };
        Report: {
            clean?: boolean;
            code?: number;
            connection?: number;
            /** @enum {string} */
            event: "open" | "message" | "error" | "close" | "reconnecting";
            message?: string;
            proxy?: string;
            reason?: string;
            status?: number;
            text?: string;
        };
        /** @description docs/results.md, The JSON document */
        Results: {
            cases: Record<string, unknown>[];
            counts: {
                [key: string]: number;
            };
            /** @constant */
            format: "wsfault-results";
            seed: number | string | null;
            version: number;
            wsfault: string;
        };
        /**
         * @description the seat of the system under test
         * @enum {string}
         */
        Role: "client" | "gateway" | "server";
        "scenario.boolean": boolean | components["schemas"]["scenario.variable"];
        /** @description A bound: 5, "<=5", ">=5", "1-5" */
        "scenario.bound": number | string;
        /** @description A text or { hex = "ff00" } */
        "scenario.bytes": string | {
            hex: string;
        };
        "scenario.command": string | string[];
        /** @description A duration: "250ms", "1.5s", "2m", with + and * */
        "scenario.duration": string;
        /** @description A bound on a time: "<=300ms", "250ms-400ms" */
        "scenario.duration_bound": string;
        /** @description What is expected: exactly one kind */
        "scenario.expectation": {
            /** @description afterwards a new connection opens and an echo comes back in that time */
            alive?: components["schemas"]["scenario.duration"];
            /** @description Of the answer: a text or /regex/ */
            body?: components["schemas"]["scenario.text"];
            /** @description What ended it, as the link saw it */
            cause?: (("reset" | "fin" | "heartbeat" | "timeout" | "protocol-error" | "handshake") | components["schemas"]["scenario.variable"]) | (("reset" | "fin" | "heartbeat" | "timeout" | "protocol-error" | "handshake") | components["schemas"]["scenario.variable"])[];
            /** @description Whether it called the end clean */
            clean?: components["schemas"]["scenario.boolean"];
            /** @description the party's API reported that close code; `reason`, `clean` and `cause` narrow it */
            close?: (number | string) | (number | string)[];
            /** @description Of which connection */
            connection?: number | components["schemas"]["scenario.variable"];
            /** @description held at every moment */
            connections?: {
                open?: components["schemas"]["scenario.bound"];
                rate?: string;
                total?: components["schemas"]["scenario.bound"];
            };
            /** @description How many such messages */
            count?: components["schemas"]["scenario.bound"];
            /** @description of messages that carry ${seq}, at the party that receives them; `seq` finds the number in the sut's own */
            delivery?: ("at-least-once" | "at-most-once" | "exactly-once") | components["schemas"]["scenario.variable"];
            /** @description Which way it went */
            direction?: ("to-client" | "to-server" | "both") | components["schemas"]["scenario.variable"];
            /** @description how the TCP connection ended there; "open" needs `for` */
            end?: (("fin" | "reset" | "open") | components["schemas"]["scenario.variable"]) | (("fin" | "reset" | "open") | components["schemas"]["scenario.variable"])[];
            /** @description it happened */
            event?: components["schemas"]["scenario.moment"];
            /** @description the process; "running" needs `for` */
            exit?: number | "running" | components["schemas"]["scenario.variable"];
            /** @description How long it must hold */
            for?: components["schemas"]["scenario.duration"];
            /** @description Of the answer: texts or /regex/ */
            headers?: components["schemas"]["scenario.patterns"];
            /** @description the system printed it */
            log?: string;
            /** @description it arrived at `of`; `count` is a bound, and with an upper one it needs `for` */
            message?: components["schemas"]["scenario.bytes"];
            /** @description it did not happen in `for` */
            never?: components["schemas"]["scenario.never"];
            /** @description The shortest time, from `since` */
            not_before?: components["schemas"]["scenario.duration"];
            /** @description Of whom */
            of?: components["schemas"]["scenario.text"];
            /** @description they were observed in that order */
            order?: components["schemas"]["scenario.moment"][];
            /** @description it sends pings so often */
            ping?: "any" | components["schemas"]["scenario.duration_bound"];
            /** @description it answers pings so often */
            pong?: "any" | components["schemas"]["scenario.duration_bound"];
            /** @description The reason that it reported: a text or /regex/ */
            reason?: components["schemas"]["scenario.text"];
            /** @description another connection of that party opened; so many further attempts came; they follow the schedule. `false` (it stayed away) and upper bounds need `for` */
            reconnect?: boolean | components["schemas"]["scenario.bound"] | {
                attempts?: components["schemas"]["scenario.bound"];
                backoff?: "exponential" | components["schemas"]["scenario.variable"] | {
                    factor?: number | components["schemas"]["scenario.variable"];
                    first?: components["schemas"]["scenario.duration"];
                    jitter?: ("full" | "equal" | "none") | components["schemas"]["scenario.variable"];
                    max?: components["schemas"]["scenario.duration"];
                };
                factor?: number | components["schemas"]["scenario.variable"];
                first?: components["schemas"]["scenario.duration"];
                jitter?: ("full" | "equal" | "none") | components["schemas"]["scenario.variable"];
                max?: components["schemas"]["scenario.duration"];
            };
            /** @description such an upgrade request arrived */
            request?: {
                body?: components["schemas"]["scenario.text"];
                headers?: components["schemas"]["scenario.patterns"];
                path?: components["schemas"]["scenario.text"];
                subprotocol?: components["schemas"]["scenario.text"];
            };
            /** @description Finds the number in the system's own messages */
            seq?: string;
            /** @description From when times count */
            since?: components["schemas"]["scenario.moment"];
            /** @description the handshake was answered with that HTTP status; `headers` and `body` narrow it */
            status?: (number | string) | (number | string)[];
            /** @description of the sut's process tree, growth (`+`) or level */
            usage?: {
                memory?: components["schemas"]["scenario.text"];
                sockets?: components["schemas"]["scenario.text"];
            };
            /** @description that Close frame was on the wire, in the stated `direction` */
            wire_close?: (number | string) | (number | string)[];
            /** @description The longest time, from `since`; default 5 s */
            within?: components["schemas"]["scenario.duration"];
        } & (unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown);
        /** @description What breaks, where, when */
        "scenario.fault": {
            /** @description Of a link with several: only that one, from 1 */
            address?: number | components["schemas"]["scenario.variable"];
            /** @description A delay after that moment */
            after?: components["schemas"]["scenario.duration"];
            /** @description accept_close: ended once so many bytes have come from the client; default: 0 */
            after_bytes?: unknown;
            /** @description max_age: from TCP accept to the end; `preset` may say it instead */
            age?: unknown;
            /** @description The link (default) or the party at which it stands, or "network" */
            at?: components["schemas"]["scenario.text"];
            /** @description truncate_frame: how many of the frame's bytes arrive; always less than all of them; default: 3 */
            at_byte?: unknown;
            /** @description slicer: of a write; default: 16B */
            average_size?: unknown;
            /** @description Of a fault on the network: ["sut", a peer of it]; without it, it concerns all peers */
            between?: components["schemas"]["scenario.text"][];
            /**
             * @description corrupt: how many bits of a piece are flipped, each once; default: 1
             *     non_minimal_length: the form of the length; default: 16
             */
            bits?: unknown;
            /**
             * @description respond: the content
             *     misroute: the content; default: <!DOCTYPE html><html><head><title>It works</title></head><body><h1>It works</h1></body></html>
             *     answer_twice: its content
             */
            body?: unknown;
            /**
             * @description limit_data: in each direction that it covers, heads included
             *     partial_head: how much of the head arrives; always less than all of it; default: 20
             *     huge_head: of the added headers, in lines of about 1 KiB; default: 64KiB
             *     corrupt_message: how many bytes of each; which ones is drawn from the run's seed. Of a text these are letters and digits, as long as there are any; default: 1
             */
            bytes?: unknown;
            /**
             * @description idle_kill: the close code, legal or not, of `end = "close"`; 1001 (going away) without it
             *     max_age: the close code, legal or not, of `end = "close"`; 1001 (going away) without it
             *     close: the close code, legal or not; without it the Close has no body
             *     close_then_hang: the close code, legal or not; without it the Close has no body; default: 1000
             *     data_after_close: the close code, legal or not; without it the Close has no body; default: 1000
             *     two_closes: the close code, legal or not; without it the Close has no body; default: 1000
             */
            code?: unknown;
            /** @description run: program and arguments, no shell */
            command?: unknown;
            /** @description Which connections it strikes: 1, "1-3", "2-", "odd", "even", "all", or those whose request has this path and these headers (texts or /regex/) */
            connections?: number | string | {
                headers?: components["schemas"]["scenario.patterns"];
                path?: components["schemas"]["scenario.text"];
            };
            /** @description Of the things that it changes one by one */
            count?: number | "all" | components["schemas"]["scenario.variable"];
            /**
             * @description slicer: between two writes; default: 0s
             *     slow_close: how late
             *     delay_pong: how long each of them is held
             *     delay_message: how long each of them is held
             */
            delay?: unknown;
            /** @description Which way its effect goes */
            direction?: ("to-client" | "to-server" | "both") | components["schemas"]["scenario.variable"];
            /**
             * @description restart: how long it is away; default: 500ms
             *     flap: how long it is dark, each time in turn; default: 2s
             */
            down?: unknown;
            /** @description How it ends TCP */
            end?: components["schemas"]["scenario.text"];
            /**
             * @description bad_101: what is wrong with it
             *     bad_close_payload: half a code, or a reason that is not UTF-8; default: one-byte
             */
            flaw?: unknown;
            /** @description reset: false: RST at once, and the log says how many bytes were lost; default: true */
            flush?: unknown;
            /** @description early_hints: true: in one piece with the answer; false: as soon as the request is in; default: false */
            glued?: unknown;
            /** @description stop: until SIGKILL; left out, the longer of the system's declared `close_limit` and `drain` is added; default: 5s */
            grace?: unknown;
            /**
             * @description respond: further header fields
             *     misroute: further header fields
             */
            headers?: unknown;
            /**
             * @description idle_kill: how long a silence it tolerates; `preset` may say it instead
             *     firewall: how long a silence it tolerates, in whole seconds: the kernel counts no others
             */
            idle?: unknown;
            /** @description What breaks: a fault of docs/faults.md */
            inject: ("kill" | "stop" | "freeze" | "restart" | "reload" | "run" | "refuse" | "dark" | "flap" | "accept_hang" | "accept_close" | "reset" | "fin" | "half_close" | "blackhole" | "stall" | "idle_kill" | "max_age" | "latency" | "bandwidth" | "slicer" | "limit_data" | "corrupt" | "slow_close" | "tls_bad_certificate" | "tls_expired" | "tls_wrong_host" | "tls_abort" | "tls_hang" | "tls_truncate" | "respond" | "misroute" | "redirect" | "bad_101" | "wrong_protocol" | "partial_head" | "strip_upgrade" | "early_hints" | "slow_head" | "huge_head" | "glued_head" | "answer_twice" | "close" | "no_close_reply" | "close_then_hang" | "data_after_close" | "two_closes" | "bad_close_payload" | "truncate_frame" | "bad_mask" | "reserved_bits" | "reserved_opcode" | "bad_utf8" | "length_overflow" | "non_minimal_length" | "oversized_control" | "fragmented_control" | "orphan_continuation" | "interleaved_message" | "drop_ping" | "drop_pong" | "delay_pong" | "wrong_pong" | "ping_flood" | "unsolicited_pong" | "drop_message" | "duplicate_message" | "delay_message" | "reorder_messages" | "corrupt_message" | "extra_message" | "giant_message" | "many_fragments" | "unplug" | "partition" | "unreachable" | "syn_drop" | "loss" | "rate" | "firewall" | "roam") | components["schemas"]["scenario.variable"];
            /**
             * @description flap: how much longer or shorter each time may be, as a part of it; drawn from the run's seed; default: 0
             *     latency: uniformly more or less than that; default: 0s
             */
            jitter?: unknown;
            /** @description How long; then it heals */
            lasts?: components["schemas"]["scenario.duration"];
            /** @description latency: in each direction it covers */
            latency?: unknown;
            /** @description redirect: the value of Location */
            location?: unknown;
            /** @description reorder_messages: how many change places; default: 2 */
            messages?: unknown;
            /** @description For the moments `fault NAME` and `healed NAME`; default: what it injects */
            name?: components["schemas"]["scenario.text"];
            /** @description Whose connections it strikes */
            of?: components["schemas"]["scenario.text"];
            /** @description reserved_opcode: which of the reserved opcodes; default: 3 */
            opcode?: unknown;
            /** @description reorder_messages: the last first, or the first after the others, or drawn from the run's seed and never the old one; default: reversed */
            order?: unknown;
            /** @description extra_message: its text; default: an extra message */
            payload?: unknown;
            /**
             * @description idle_kill: a known product: its keys, where none are stated
             *     max_age: a known product: its keys, where none are stated
             */
            preset?: unknown;
            /** @description From 0 to 1, drawn from the run's seed */
            probability?: number | components["schemas"]["scenario.variable"];
            /**
             * @description bandwidth: so much a second
             *     slow_head: bytes a second; default: 50
             *     rate: bytes a second, headers included; as much may come at once
             */
            rate?: unknown;
            /**
             * @description corrupt: of the pieces; which ones is drawn from the run's seed; default: 1
             *     loss: which part; each packet is drawn for itself
             */
            ratio?: unknown;
            /**
             * @description wrong_protocol: these bytes instead: text, or { hex = "…" }
             *     close: the Close frame's whole body instead: text, or { hex = "…" }
             *     close_then_hang: the Close frame's whole body instead: text, or { hex = "…" }
             *     data_after_close: the Close frame's whole body instead: text, or { hex = "…" }
             *     two_closes: the Close frame's whole body instead: text, or { hex = "…" }
             */
            raw?: unknown;
            /**
             * @description idle_kill: the close reason
             *     max_age: the close reason
             *     close: the close reason
             *     close_then_hang: the close reason
             *     data_after_close: the close reason
             *     two_closes: the close reason
             */
            reason?: unknown;
            /** @description idle_kill: whose bytes, or which, count as life: not pings and pongs with `data-frames`; default: any */
            renewed_by?: unknown;
            /** @description reserved_bits: which: RSV1 is 4 (the offer of permessage-deflate, which makes it legal, is taken away), RSV2 is 2, RSV3 is 1, or their sum; default: 2 */
            rsv?: unknown;
            /**
             * @description idle_kill: multiplies its times: 0.01 makes a minute 600 ms; default: 1
             *     max_age: multiplies its times: 0.01 makes a minute 600 ms; default: 1
             */
            scale?: unknown;
            /** @description link: all connections that are open then, and all that come while it lasts; of a process fault whom it strikes */
            scope?: components["schemas"]["scenario.text"];
            /** @description strip_upgrade: what becomes of Sec-WebSocket-Key, -Version, -Protocol and -Extensions; default: keep */
            sec_websocket?: unknown;
            /** @description two_closes: the close code of the second one; default: 1011 */
            second_code?: unknown;
            /** @description kill: the signal's number; default: 9 */
            signal?: unknown;
            /**
             * @description oversized_control: of the payload; default: 126B
             *     giant_message: of its payload; default: 64MiB
             *     many_fragments: of each fragment's payload; default: 1B
             */
            size?: unknown;
            /** @description slicer: uniformly more or less than that; always less than it; default: 0B */
            size_variation?: unknown;
            /** @description wrong_protocol: which protocol; default: ssh */
            speaks?: unknown;
            /**
             * @description respond: the HTTP status
             *     misroute: the HTTP status; default: 200
             *     redirect: the HTTP status; default: 307
             *     answer_twice: of the second response; default: 502
             */
            status?: unknown;
            /** @description corrupt_message: valid: a text stays UTF-8, a letter a letter and a digit a digit; broken: it is not UTF-8 any more (RFC 6455 8.1); default: valid */
            text?: unknown;
            /** @description flap: how often it goes dark; default: 3 */
            times?: unknown;
            /** @description flap: how long it works in between; default: 5s */
            up?: unknown;
            /** @description reorder_messages: how long the first is held for the others: if they do not come, all go on as they came, and the fault has not fired; default: 1s */
            wait?: unknown;
            /** @description The moment at which it fires */
            when?: components["schemas"]["scenario.moment"];
            /** @description glued_head: how long the 101 waits for a frame at most; default: 500ms */
            within?: unknown;
        } & (unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown & unknown);
        /** @description Header fields: { Name = "value" } */
        "scenario.headers": {
            [key: string]: string | string[];
        };
        /**
         * @description When: a moment.
         *
         *     start: all parties are ready
         *     connect: TCP is accepted
         *     upgrade: the request's head is in, none of it forwarded
         *     open: the 101 is forwarded whole, and acknowledged by the client's kernel
         *     message N, frame N, ping N, pong N, close: its header has been read and nothing of it forwarded
         *     message N done: it is forwarded whole; also of frame, ping, pong and close
         *     message /REGEX/, message >64KiB: the first message that matches: read whole, its last frame not forwarded
         *     byte N: exactly N bytes of that direction, from the first byte of TCP, are forwarded
         *     http /REGEX/: a plain HTTP request whose target matches arrived at a fake upstream
         *     end: TCP ended
         *     idle 30s: nothing passed for so long (for `since`: the silence began)
         *     fault NAME: that fault fired
         *     healed NAME: that fault ended, after its `lasts`
         *     mark NAME: a script reached { mark = "NAME" }
         *     exit: the process of the system under test ended
         *     log /REGEX/: the system under test printed it
         */
        "scenario.moment": string | {
            /** @description Which link */
            at?: components["schemas"]["scenario.text"];
            /** @description Which connection */
            connection?: number | components["schemas"]["scenario.variable"];
            /** @description Who sent it */
            from?: ("client" | "server") | components["schemas"]["scenario.variable"];
            moment: string;
            /** @description Whose connection */
            of?: components["schemas"]["scenario.text"];
        };
        "scenario.never": {
            /** @description afterwards a new connection opens and an echo comes back in that time */
            alive?: components["schemas"]["scenario.duration"];
            /** @description Of the answer: a text or /regex/ */
            body?: components["schemas"]["scenario.text"];
            /** @description What ended it, as the link saw it */
            cause?: (("reset" | "fin" | "heartbeat" | "timeout" | "protocol-error" | "handshake") | components["schemas"]["scenario.variable"]) | (("reset" | "fin" | "heartbeat" | "timeout" | "protocol-error" | "handshake") | components["schemas"]["scenario.variable"])[];
            /** @description Whether it called the end clean */
            clean?: components["schemas"]["scenario.boolean"];
            /** @description the party's API reported that close code; `reason`, `clean` and `cause` narrow it */
            close?: (number | string) | (number | string)[];
            /** @description held at every moment */
            connections?: {
                open?: components["schemas"]["scenario.bound"];
                rate?: string;
                total?: components["schemas"]["scenario.bound"];
            };
            /** @description How many such messages */
            count?: components["schemas"]["scenario.bound"];
            /** @description of messages that carry ${seq}, at the party that receives them; `seq` finds the number in the sut's own */
            delivery?: ("at-least-once" | "at-most-once" | "exactly-once") | components["schemas"]["scenario.variable"];
            /** @description Which way it went */
            direction?: ("to-client" | "to-server" | "both") | components["schemas"]["scenario.variable"];
            /** @description how the TCP connection ended there; "open" needs `for` */
            end?: (("fin" | "reset" | "open") | components["schemas"]["scenario.variable"]) | (("fin" | "reset" | "open") | components["schemas"]["scenario.variable"])[];
            /** @description it happened */
            event?: components["schemas"]["scenario.moment"];
            /** @description the process; "running" needs `for` */
            exit?: number | "running" | components["schemas"]["scenario.variable"];
            /** @description a fault of that name fired */
            fault?: components["schemas"]["scenario.text"];
            /** @description Of the answer: texts or /regex/ */
            headers?: components["schemas"]["scenario.patterns"];
            /** @description the system printed it */
            log?: string;
            /** @description it arrived at `of`; `count` is a bound, and with an upper one it needs `for` */
            message?: components["schemas"]["scenario.bytes"];
            /** @description they were observed in that order */
            order?: components["schemas"]["scenario.moment"][];
            /** @description it sends pings so often */
            ping?: "any" | components["schemas"]["scenario.duration_bound"];
            /** @description it answers pings so often */
            pong?: "any" | components["schemas"]["scenario.duration_bound"];
            /** @description The reason that it reported: a text or /regex/ */
            reason?: components["schemas"]["scenario.text"];
            /** @description another connection of that party opened; so many further attempts came; they follow the schedule. `false` (it stayed away) and upper bounds need `for` */
            reconnect?: boolean | components["schemas"]["scenario.bound"] | {
                attempts?: components["schemas"]["scenario.bound"];
                backoff?: "exponential" | components["schemas"]["scenario.variable"] | {
                    factor?: number | components["schemas"]["scenario.variable"];
                    first?: components["schemas"]["scenario.duration"];
                    jitter?: ("full" | "equal" | "none") | components["schemas"]["scenario.variable"];
                    max?: components["schemas"]["scenario.duration"];
                };
                factor?: number | components["schemas"]["scenario.variable"];
                first?: components["schemas"]["scenario.duration"];
                jitter?: ("full" | "equal" | "none") | components["schemas"]["scenario.variable"];
                max?: components["schemas"]["scenario.duration"];
            };
            /** @description such an upgrade request arrived */
            request?: {
                body?: components["schemas"]["scenario.text"];
                headers?: components["schemas"]["scenario.patterns"];
                path?: components["schemas"]["scenario.text"];
                subprotocol?: components["schemas"]["scenario.text"];
            };
            /** @description Finds the number in the system's own messages */
            seq?: string;
            /** @description the handshake was answered with that HTTP status; `headers` and `body` narrow it */
            status?: (number | string) | (number | string)[];
            /** @description of the sut's process tree, growth (`+`) or level */
            usage?: {
                memory?: components["schemas"]["scenario.text"];
                sockets?: components["schemas"]["scenario.text"];
            };
            /** @description that Close frame was on the wire, in the stated `direction` */
            wire_close?: (number | string) | (number | string)[];
        } & (unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown);
        /** @description Header fields, texts or /regex/ */
        "scenario.patterns": {
            [key: string]: string;
        };
        /** @description A text, { hex = "ff00" } or { size = "1MiB" } */
        "scenario.payload": string | {
            hex: string;
        } | {
            size: number | string;
        };
        /** @description A size: "64KiB" */
        "scenario.size": number | string;
        "scenario.step": Record<string, unknown>;
        "scenario.steps": components["schemas"]["scenario.step"][];
        "scenario.text": string;
        /** @description A variable: ${name} */
        "scenario.variable": never;
        Session: {
            id: string;
            proxies: components["schemas"]["Proxy"][];
            role: components["schemas"]["Role"];
            seed: string;
            ttl?: string;
            /** @description it keeps a log, and can be judged */
            verdicts: boolean;
        };
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        Text: string;
        ToxiproxyError: string;
        ToxiproxyPopulate: components["schemas"]["NewToxiproxyProxy"][];
        ToxiproxyPopulated: {
            error?: string;
            proxies: components["schemas"]["ToxiproxyProxy"][] | null;
            status?: number;
        };
        ToxiproxyProxies: {
            [key: string]: components["schemas"]["ToxiproxyProxy"];
        };
        ToxiproxyProxy: {
            enabled: boolean;
            listen: string;
            /** @description empty, as Toxiproxy has it */
            Logger?: Record<string, unknown>;
            name: string;
            toxics: components["schemas"]["ToxiproxyToxics"];
            upstream: string;
        };
        ToxiproxyProxyChange: {
            enabled?: boolean;
            listen?: string;
            upstream?: string;
        };
        ToxiproxyToxic: {
            attributes: {
                [key: string]: number;
            };
            name: string;
            /** @enum {string} */
            stream: "upstream" | "downstream";
            toxicity: number;
            type: string;
        };
        ToxiproxyToxicChange: {
            attributes?: Record<string, unknown>;
            toxicity?: number;
        };
        ToxiproxyToxics: components["schemas"]["ToxiproxyToxic"][];
        ToxiproxyVersion: {
            version: string;
        };
    };
    responses: {
        /** @description A page of an origin that may not use the port, or any browser, as Toxiproxy has it */
        NoBrowser: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/plain": components["schemas"]["Text"];
            };
        };
        /** @description A page of an origin that may not use the port */
        NoPage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The port needs a token */
        NoToken: {
            headers: {
                "WWW-Authenticate": "Bearer";
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description 400: no HTTP, no Host, an argument that the route does not take; 405: another method; 408, 413, 431: too slow or too large; 500 */
        Other: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
                "text/plain": components["schemas"]["Text"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        ToxiproxyRequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["Page"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            default: components["responses"]["Other"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["Text"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            default: components["responses"]["Other"];
        };
    };
    postPopulate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ToxiproxyPopulate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyPopulated"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyPopulated"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyPopulated"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getProxies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyProxies"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            default: components["responses"]["Other"];
        };
    };
    postProxies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewToxiproxyProxy"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyProxy"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Conflict */
            409: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyProxy"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ToxiproxyProxyChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyProxy"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    patchProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ToxiproxyProxyChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyProxy"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getProxiesProxyToxics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyToxics"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postProxiesProxyToxics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewToxiproxyToxic"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyToxic"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getProxiesProxyToxicsToxic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                toxic: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyToxic"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postProxiesProxyToxicsToxic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                toxic: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ToxiproxyToxicChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyToxic"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteProxiesProxyToxicsToxic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                toxic: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    patchProxiesProxyToxicsToxic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                toxic: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ToxiproxyToxicChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyToxic"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Not Found */
            404: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            /** @description Internal Server Error */
            500: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["ToxiproxyError"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Index"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            default: components["responses"]["Other"];
        };
    };
    getV1OpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApi"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            default: components["responses"]["Other"];
        };
    };
    getV1Sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            default: components["responses"]["Other"];
        };
    };
    postV1Sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteV1SessionsSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionClients: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewClient"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Client"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionEvents: {
        parameters: {
            query?: {
                /** @description the cursor of an earlier answer; 0: from the beginning */
                after?: string;
                /** @description the number of the connection on which the moment of `until` is to come */
                connection?: string;
                /** @description client or server: who is to have sent what `until` waits for */
                from?: string;
                /** @description only what happened there */
                proxy?: string;
                /** @description how long to wait at most: 30s with `until`, else not at all; at most 1m */
                timeout?: string;
                /** @description a moment ("close", "message 3"): waits until it comes after the cursor */
                until?: string;
            };
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                    "text/event-stream": components["schemas"]["EventStream"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionExpect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewExpectation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionFaults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionFaults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewFault"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteV1SessionsSessionFaults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionFaultsFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fault: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteV1SessionsSessionFaultsFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fault: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionMarks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Mark"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionProxies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proxies"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionProxies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewProxy"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proxy"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proxy"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    deleteV1SessionsSessionProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    patchV1SessionsSessionProxiesProxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProxyChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proxy"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionProxiesProxyConnections: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proxy: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connections"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionProxiesProxyConnectionsNumberAct: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                act: string;
                number: string;
                proxy: string;
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Act"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    postV1SessionsSessionReports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Report"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getV1SessionsSessionVerdict: {
        parameters: {
            query?: {
                /** @description true: nothing more will happen, so what is pending is decided */
                ended?: string;
                /** @description only this one */
                proxy?: string;
            };
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoPage"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["Other"];
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Toxiproxy-Request-Id": components["headers"]["ToxiproxyRequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToxiproxyVersion"];
                };
            };
            401: components["responses"]["NoToken"];
            403: components["responses"]["NoBrowser"];
            default: components["responses"]["Other"];
        };
    };
}
