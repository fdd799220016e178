>>> import os
>>> import boto
>>> from boto import config
>>> section = 'Credentials'
>>> print boto.config.get(section, 'aws_access_key_id', 'unset')
#> unset
>>> boto.config.getint('Boto', 'num_retries', 5)
#> 5
>>> boto.config.getbool('Boto', 'is_secure', True)
#> true
>>> boto.config.has_option('Boto', 'debug')
#> false
>>> if not boto.config.has_option('Credentials', 'aws_access_key_id'):
...     print 'no key is configured'
...
#> no key is configured
>>> debug = boto.config.getint('Boto', 'debug', 0)
>>> timeout = config.get('Boto', 'http_socket_timeout', '70')
>>> print int(timeout) + debug
#> 70
>>> accounts = [name for name in ['prod', 'test'] if boto.config.has_option(name, 'aws_access_key_id')]
>>> print accounts
#> []
>>> conn = boto.connect_ec2(is_secure=False, port=8773, path='/services/Eucalyptus', host='127.0.0.1')
>>> print conn.port, conn.path
#> 8773 /services/Eucalyptus
