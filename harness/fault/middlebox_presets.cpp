// Measured: on the product itself, as `wsfault list systems` starts it, with a silent connection, one on
// which only the client sends, and one on which only the server does. Others are as their documents say.
#include "fault/middlebox_presets.hpp"

namespace wsfault::fault {

const std::vector<Preset>& idle_presets() {
  static const std::vector<Preset> presets = {
      {"nginx",
       "measured on nginx 1.22.1 with a limit of 2 s; proxy_read_timeout is 60 s by default",
       {{"idle", "60s"}, {"renewed_by", "any"}, {"end", "fin"}}},
      {"haproxy",
       "measured on HAProxy 2.6.12 in its http mode with limits of 2 s: RST to the backend, FIN to the "
       "client; it has no default, and Debian's haproxy.cfg has 50 s as `timeout client` and `timeout "
       "server`. `timeout tunnel` acts alike",
       {{"idle", "50s"}, {"renewed_by", "any"}, {"end", "reset"}, {"direction", "to-server"}}},
      {"apache",
       "measured on Apache httpd 2.4.71 with a limit of 2 s, the higher of Timeout and ProxyTimeout; "
       "Timeout is 60 s by default",
       {{"idle", "60s"}, {"renewed_by", "any"}, {"end", "fin"}}},
      {"caddy",
       "measured on Caddy 2.6.2 with a limit of 2 s: what the client sends does not renew it; "
       "read_timeout of the transport has no default: state `idle`",
       {{"renewed_by", "server"}, {"end", "fin"}}},
      {"aws-alb",
       "User Guide for Application Load Balancers, Connection idle timeout: 60 s by default; TCP keep-"
       "alives do not renew it. That it ends with FIN is an assumption",
       {{"idle", "60s"}, {"renewed_by", "any"}, {"end", "fin"}}},
      {"aws-nlb",
       "User Guide for Network Load Balancers, Update the TCP idle timeout for your Network Load "
       "Balancer listener, and Connection idle timeout: 350 s by default, then RST to what is sent",
       {{"idle", "350s"}, {"renewed_by", "any"}, {"end", "reset_next"}}},
      {"aws-api-gateway",
       "Amazon API Gateway Developer Guide, Quotas for configuring and running a WebSocket in API "
       "Gateway: Idle Connection Timeout, 10 minutes. That it ends with Close 1001 is an assumption",
       {{"idle", "10m"},
        {"renewed_by", "any"},
        {"end", "close"},
        {"code", "1001"},
        {"reason", "Going away"}}},
      {"azure-load-balancer",
       "Azure documentation, Load Balancer TCP Reset and Idle Timeout: 4 minutes by default, then flows "
       "are dropped silently unless TCP reset is enabled",
       {{"idle", "4m"}, {"renewed_by", "any"}, {"end", "none"}}},
      {"cloudflare",
       "Cloudflare Community, Cloudflare Websocket Timeout?: 100 s. That it ends with FIN is an assumption",
       {{"idle", "100s"}, {"renewed_by", "any"}, {"end", "fin"}}},
  };
  return presets;
}

const std::vector<Preset>& age_presets() {
  static const std::vector<Preset> presets = {
      {"google-https",
       "kubernetes/ingress-gce, Simple Websocket Example: the backend timeout, 30 s by default, limits "
       "the life of a connection. That it ends with FIN is an assumption",
       {{"age", "30s"}, {"end", "fin"}}},
      {"aws-api-gateway",
       "Amazon API Gateway Developer Guide, Quotas for configuring and running a WebSocket in API "
       "Gateway: Connection duration for WebSocket API, 2 hours. That it ends with Close 1001 is an "
       "assumption",
       {{"age", "2h"}, {"end", "close"}, {"code", "1001"}, {"reason", "Going away"}}},
  };
  return presets;
}

}  // namespace wsfault::fault
