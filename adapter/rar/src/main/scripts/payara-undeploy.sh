#!/bin/sh
# Takes Pando out of a running Payara. The data directory stays.
#
#   ./payara-undeploy.sh [ASADMIN OPTION ...]
set -eu
: "${ASADMIN:=asadmin}"
"$ASADMIN" "$@" delete-connector-resource jdbc/Pando
"$ASADMIN" "$@" delete-connector-connection-pool pando-pool
"$ASADMIN" "$@" undeploy pando
"$ASADMIN" "$@" delete-resource-adapter-config pando
